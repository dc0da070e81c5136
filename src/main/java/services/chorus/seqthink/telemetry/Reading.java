package services.chorus.seqthink.telemetry;

/** What is read at each scrape: a level, or a total that another part counts by itself. */
public enum Reading {
    READY("seqthink.ready", "1 while /ready says so; looked at every ten seconds"),
    RESIDENT_MEMORY("process.resident.memory.bytes", "Memory that this process holds"),
    MEMORY_LIMIT(
            "seqthink.memory.limit.bytes", "Memory that its container, or else its machine, has"),
    HEAP_USED("seqthink.heap.used.bytes", "Heap that objects take, those to be collected too"),
    HEAP_LIMIT("seqthink.heap.limit.bytes", "Heap that objects may take"),
    KEYRING_KEYS("seqthink.keyring.keys", "Identities that open requests"),
    KEYRING_CURRENT_CREATED(
            "seqthink.keyring.current.created",
            "When the identity that callers seal to was made, in seconds since 1970; 0 where its"
                    + " file does not say"),
    KEYRING_BROKEN(
            "seqthink.keyring.broken",
            "1 while a file of keys cannot be used and the keys of before stay in force"),
    CERTIFICATE_END(
            "seqthink.certificate.end",
            "When the certificate that is presented ends, in seconds since 1970; 0 without one"),
    CERTIFICATE_BROKEN(
            "seqthink.certificate.broken",
            "1 while the certificate's files cannot be used and the one of before stays in force"),
    TRUSTED_CERTIFICATE_END(
            "seqthink.trusted.certificate.end",
            "When the first of the certificates in CA_PATH ends, in seconds since 1970; 0 without"
                    + " one"),
    RECIPIENTS_VERSION("seqthink.recipients.version", "Version of the recipients in force"),
    JWKS_AGE(
            "seqthink.jwks.age.seconds",
            "Time since an issuer's keys were last fetched, of the issuer with the oldest"),
    DENY_LIST_AGE(
            "seqthink.deny.list.age.seconds",
            "Time since an issuer said which tokens it took back, of the one with the oldest"
                    + " list"),
    STREAMS_OPEN("seqthink.streams.open", "Streams of thoughts that are open"),
    AUDIT_SEQUENCE(
            "seqthink.audit.sequence",
            "Number of the last audit record in the file, or else on standard output"),
    AUDIT_FAILING("seqthink.audit.failing", "1 while audit records cannot be written"),
    ISSUER_KEY_AGE(
            "seqthink.issuer.key.age.seconds",
            "Time since the key of the issuer here signs; 0 without one"),
    ISSUER_NEXT_ROTATION(
            "seqthink.issuer.next.rotation.seconds",
            "Time until another key of the issuer here signs, negative when that is late; 0 without"
                    + " one"),
    CPU_SECONDS(true, "process.cpu.seconds", "Processor time that this process took"),
    JWKS_FETCHES(true, "seqthink.jwks.fetches", "Times that an issuer was asked for its keys"),
    JWKS_FAILURES(true, "seqthink.jwks.failures", "Times that it did not give them"),
    SIGNATURE_CHECKS(
            true,
            "seqthink.signature.checks",
            "Signatures of tokens that were checked, since none was remembered");

    /** Whether it only rises, as a counter does. */
    final boolean total;

    /** In Micrometer's notation. */
    final String meter;

    /** What operators are told of it. */
    final String description;

    Reading(String meter, String description) {
        this(false, meter, description);
    }

    Reading(boolean total, String meter, String description) {
        this.total = total;
        this.meter = meter;
        this.description = description;
    }
}
