package services.chorus.seqthink.telemetry;

/** What is counted. */
public enum Count {
    REQUESTS("seqthink.requests", "Requests to an /mcp route"),
    ERRORS("seqthink.errors", "Requests to an /mcp route that ended in a status of 400 or up"),
    SERVER_ERRORS(
            "seqthink.server.errors", "Requests to an /mcp route that ended in one of 500 or up"),
    DECRYPT_FAILURES("seqthink.decrypt.failures", "Request bodies that did not open"),
    ENCRYPT_FAILURES("seqthink.encrypt.failures", "Replies that could not be sealed"),
    POLICY_DENIALS("seqthink.policy.denials", "Requests refused for their token or its scopes"),
    UPSTREAM_FAILURES(
            "seqthink.upstream.failures", "Calls that the MCP server gave no usable reply to"),
    UPSTREAM_TIMEOUTS(
            "seqthink.upstream.timeouts", "Calls that the MCP server did not reply to in time"),
    RATE_LIMITED(
            "seqthink.rate.limited", "Requests refused because their caller had made too many"),
    UNSHARED_RATES(
            "seqthink.unshared.rates",
            "Requests counted by this replica alone, since the store did not answer"),
    FAILURES_LIMITED(
            "seqthink.failures.limited",
            "Requests without a good token answered 429, their address having sent too many"),
    TURNED_AWAY(
            "seqthink.turned.away",
            "Requests refused for the host they asked for or the page they came from"),
    RULE_DENIALS("seqthink.rule.denials", "Calls that the rules of tools refused"),
    DENY_LIST_FAILURES(
            "seqthink.deny.list.failures",
            "Times that an issuer did not say which tokens it took back"),
    INTROSPECTION_FAILURES(
            "seqthink.introspection.failures",
            "Times that nobody said what an opaque token is worth"),
    REPLAYS("seqthink.replays", "Requests refused because their id was taken before"),
    REPLAY_QUOTA_FULL(
            "seqthink.replay.quota.full",
            "Requests refused because as many were remembered as may be, of their caller or of all"),
    HISTORY_QUOTA_FULL(
            "seqthink.history.quota.full",
            "Requests refused because their caller had as many histories as it may"),
    STATE_FAILURES("seqthink.state.failures", "Times that what replicas share could not be had"),
    DOOR_KEY_FAILURES(
            "seqthink.door.key.failures", "Looks that found a door key that cannot be used"),
    RECIPIENT_CONFLICTS(
            "seqthink.recipient.conflicts",
            "Looks that found another replica's recipients under a version of this one"),
    BARE_REQUESTS("seqthink.bare.requests", "Requests taken without an envelope"),
    STREAMS_CUT("seqthink.streams.cut", "Streams ended because their reader was too slow"),
    UNSTREAMED_THOUGHTS(
            "seqthink.unstreamed.thoughts", "Completed thoughts that no stream will have"),
    AUDIT_RECORDS(
            "seqthink.audit.records",
            "Audit records of requests written, to file and standard output alike"),
    AUDIT_FAILURES("seqthink.audit.failures", "Attempts to write audit records that failed"),
    AUDIT_LOST("seqthink.audit.lost", "Audit records of requests that are written nowhere"),
    ISSUER_JWKS_REQUESTS(
            "seqthink.issuer.jwks.requests", "Times that the issuer here was asked for its keys"),
    ISSUER_TOKENS_ISSUED(
            "seqthink.issuer.tokens.issued", "Tokens that the issuer here gave its clients");

    /** In Micrometer's notation. */
    final String meter;

    /** What operators are told of it. */
    final String description;

    Count(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }
}
