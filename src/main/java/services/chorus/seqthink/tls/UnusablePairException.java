package services.chorus.seqthink.tls;

import services.chorus.seqthink.config.Fault;

/** A certificate and a key that cannot be used; the message is the fault's line. */
final class UnusablePairException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    UnusablePairException(Fault fault) {
        super(fault.line());
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
