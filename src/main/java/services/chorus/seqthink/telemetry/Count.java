package services.chorus.seqthink.telemetry;

/** The counters. */
public enum Count {
    REQUESTS("seqthink.requests", "Requests to an /mcp route"),
    ERRORS("seqthink.errors", "Requests to an /mcp route answered with status 400 or above"),
    SERVER_ERRORS(
            "seqthink.server.errors",
            "Requests to an /mcp route answered with status 500 or above"),
    DECRYPT_FAILURES("seqthink.decrypt.failures", "Request bodies that could not be decrypted"),
    ENCRYPT_FAILURES("seqthink.encrypt.failures", "Replies that could not be sealed"),
    POLICY_DENIALS(
            "seqthink.policy.denials", "Requests rejected because of their token or its scopes"),
    UPSTREAM_FAILURES(
            "seqthink.upstream.failures", "Calls without a usable reply from the upstream"),
    UPSTREAM_TIMEOUTS(
            "seqthink.upstream.timeouts", "Calls without a reply from the upstream in time"),
    RATE_LIMITED("seqthink.rate.limited", "Requests rejected because their caller sent too many"),
    UNSHARED_RATES(
            "seqthink.unshared.rates",
            "Requests counted by this replica alone because the store did not answer"),
    FAILURES_LIMITED(
            "seqthink.failures.limited",
            "Requests without a valid token answered 429 because their address sent too many"),
    CONNECTIONS_CUT(
            "seqthink.connections.cut",
            "Connections closed because of a limit: too many, too slow, or with unread answers"),
    TURNED_AWAY("seqthink.turned.away", "Requests rejected because of their host or their origin"),
    RULE_DENIALS("seqthink.rule.denials", "Calls rejected by the rules for tools"),
    DENY_LIST_FAILURES(
            "seqthink.deny.list.failures", "Failed fetches of an issuer's list of revoked tokens"),
    INTROSPECTION_FAILURES(
            "seqthink.introspection.failures", "Failed requests for the state of an opaque token"),
    REPLAYS("seqthink.replays", "Requests rejected because their id was used before"),
    REPLAY_QUOTA_FULL(
            "seqthink.replay.quota.full",
            "Requests rejected because the store of used ids was full, in total or for their"
                    + " caller"),
    HISTORY_QUOTA_FULL(
            "seqthink.history.quota.full",
            "Requests rejected because their caller has the maximum number of histories"),
    STATE_FAILURES("seqthink.state.failures", "Failed operations on the state shared by replicas"),
    DOOR_KEY_FAILURES("seqthink.door.key.failures", "Checks that found an unusable door key"),
    RECIPIENT_CONFLICTS(
            "seqthink.recipient.conflicts",
            "Checks that found other recipients, published by another replica under the same"
                    + " version"),
    BARE_REQUESTS("seqthink.bare.requests", "Requests accepted without an envelope"),
    STREAMS_CUT("seqthink.streams.cut", "Streams closed because their reader was too slow"),
    UNSTREAMED_THOUGHTS(
            "seqthink.unstreamed.thoughts", "Completed thoughts that reached no stream"),
    AUDIT_RECORDS(
            "seqthink.audit.records",
            "Audit records of requests written to the file or to standard output"),
    AUDIT_FAILURES("seqthink.audit.failures", "Failed attempts to write audit records"),
    AUDIT_LOST(
            "seqthink.audit.lost",
            "Audit records that could not be written to the file or to standard output, counted for"
                    + " each"),
    ISSUER_JWKS_REQUESTS(
            "seqthink.issuer.jwks.requests", "Requests for the keys of the built-in issuer"),
    ISSUER_TOKENS_ISSUED("seqthink.issuer.tokens.issued", "Tokens that the built-in issuer issued");

    final String meter;
    final String description;

    /**
     * @param meter a name in Micrometer's notation
     */
    Count(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }
}
