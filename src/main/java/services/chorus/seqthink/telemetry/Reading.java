package services.chorus.seqthink.telemetry;

/** The values that are read at each scrape: gauges, and totals that another part counts. */
public enum Reading {
    READY("seqthink.ready", "1 while /ready reports ready; checked every ten seconds"),
    RESIDENT_MEMORY("process.resident.memory.bytes", "Resident memory of this process"),
    MEMORY_LIMIT(
            "seqthink.memory.limit.bytes",
            "Memory of the container, or of the machine without one"),
    HEAP_USED(
            "seqthink.heap.used.bytes",
            "Heap occupied by objects, including those not yet collected"),
    HEAP_LIMIT("seqthink.heap.limit.bytes", "Maximum size of the heap"),
    KEYRING_KEYS("seqthink.keyring.keys", "Identities that open requests"),
    KEYRING_CURRENT_CREATED(
            "seqthink.keyring.current.created",
            "When the identity that callers seal to was created, in seconds since 1970; 0 if its"
                    + " file does not say"),
    KEYRING_BROKEN(
            "seqthink.keyring.broken",
            "1 while a key file is unusable and the previous keys stay in use"),
    CERTIFICATE_END(
            "seqthink.certificate.end",
            "When the server certificate expires, in seconds since 1970; 0 without one"),
    CERTIFICATE_BROKEN(
            "seqthink.certificate.broken",
            "1 while the certificate files are unusable and the previous certificate stays in use"),
    TRUSTED_CERTIFICATE_END(
            "seqthink.trusted.certificate.end",
            "When the first certificate in CA_PATH expires, in seconds since 1970; 0 without one"),
    RECIPIENTS_VERSION("seqthink.recipients.version", "Version of the recipients document in use"),
    JWKS_AGE(
            "seqthink.jwks.age.seconds",
            "Time since the last good fetch of an issuer's keys; the longest of all issuers"),
    DENY_LIST_AGE(
            "seqthink.deny.list.age.seconds",
            "Age of an issuer's list of revoked tokens; the highest of all issuers"),
    CONNECTIONS_OPEN("seqthink.connections.open", "Open connections of clients"),
    STREAMS_OPEN("seqthink.streams.open", "Open streams of thoughts"),
    AUDIT_SEQUENCE(
            "seqthink.audit.sequence",
            "Number of the last audit record in the file, or on standard output without a file"),
    AUDIT_FAILING("seqthink.audit.failing", "1 while audit records cannot be written"),
    ISSUER_KEY_AGE(
            "seqthink.issuer.key.age.seconds",
            "Time since the built-in issuer began to sign with its current key; 0 without one"),
    ISSUER_NEXT_ROTATION(
            "seqthink.issuer.next.rotation.seconds",
            "Time until the built-in issuer signs with its next key, negative when overdue; 0"
                    + " without one"),
    CPU_SECONDS(true, "process.cpu.seconds", "Processor time used by this process"),
    JWKS_FETCHES(true, "seqthink.jwks.fetches", "Fetches of issuers' keys"),
    JWKS_FAILURES(true, "seqthink.jwks.failures", "Failed fetches of issuers' keys"),
    SIGNATURE_CHECKS(
            true,
            "seqthink.signature.checks",
            "Token signatures verified with a key, not found in the cache");

    /** Whether it only rises, as a counter does. */
    final boolean total;

    final String meter;
    final String description;

    Reading(String meter, String description) {
        this(false, meter, description);
    }

    /**
     * @param meter a name in Micrometer's notation
     */
    Reading(boolean total, String meter, String description) {
        this.total = total;
        this.meter = meter;
        this.description = description;
    }
}
