package services.chorus.seqthink.audit;

/** A decision that is in no log, and will not be. */
public final class NotWrittenException extends Exception {

    NotWrittenException() {
        super("the audit record could not be written", null, false, false);
    }
}
