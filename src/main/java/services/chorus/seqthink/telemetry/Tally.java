package services.chorus.seqthink.telemetry;

/** What the room where it happens counts. */
public enum Tally {
    CPU_SECONDS("process.cpu.seconds", "Processor time that this process took"),
    JWKS_FETCHES("seqthink.jwks.fetches", "Times that an issuer was asked for its keys"),
    JWKS_FAILURES("seqthink.jwks.failures", "Times that it did not give them"),
    SIGNATURE_CHECKS(
            "seqthink.signature.checks",
            "Signatures of tokens that were checked, since none was remembered");

    private final String meter;
    private final String description;

    Tally(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    /** Its name, in Micrometer's notation. */
    String meter() {
        return meter;
    }

    /** What operators are told of it. */
    String description() {
        return description;
    }
}
