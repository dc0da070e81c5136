package services.chorus.seqthink.policy;

import java.time.Duration;
import java.util.List;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Variable;

/** The variables that say whose tokens are accepted. */
public final class PolicyVariables {

    static final Variable JWKS_URL =
            Variable.of(
                    "KACHING_JWKS_URL",
                    "seqthink.policy.jwks-urls",
                    Form.urls(),
                    "JWKS of each token issuer, comma-separated, in the order of `JWT_ISSUER`");
    static final Variable ISSUER =
            Variable.of(
                    "JWT_ISSUER",
                    "seqthink.policy.issuers",
                    Form.texts("the `iss` of the tokens to accept (comma-separated)"),
                    "`iss` of the tokens to accept, exactly; comma-separated");
    static final Variable AUDIENCE =
            Variable.of(
                    "JWT_AUDIENCE",
                    "seqthink.policy.audiences",
                    Form.texts("the `aud` of this service, one for each issuer (comma-separated)"),
                    "`aud` that a token must contain, comma-separated, in the order of"
                            + " `JWT_ISSUER`");
    static final Variable DENY_URL =
            Variable.of(
                    "JWT_DENY_URL",
                    "seqthink.policy.deny-urls",
                    Form.urls(),
                    "Where each token issuer publishes the signed list of the tokens it took back,"
                            + " comma-separated, in the order of `KACHING_JWKS_URL`; an issuer in"
                            + " this process is asked directly");
    static final Variable MAX_STALE =
            Variable.of(
                    "JWKS_MAX_STALE",
                    "seqthink.policy.jwks-max-stale",
                    KeySet.MAX_STALE.toHours() + "h",
                    // no shorter than a document's longest life, or its keys would end before they
                    // are fetched again
                    Form.duration(FetchPace.LONGEST_LIFE, Duration.ofDays(30)),
                    "How long the last good keys of an issuer serve while it can give no newer"
                            + " ones");
    static final Variable SCOPE =
            Variable.of(
                    "REQUIRED_SCOPE",
                    "seqthink.policy.required-scope",
                    "sequentialthinking.run",
                    Form.text("one OAuth scope, without spaces or quotes"),
                    "Scope that every `/mcp` route asks for");

    private static final Table ISSUERS =
            new Table(
                    "seqthink.policy.issuer",
                    List.of(
                            Column.text("name", Form.text("the `iss` of the tokens to accept"))
                                    .inEveryEntry(),
                            Column.text("audience", Form.text("the `aud` of this service"))
                                    .inEveryEntry(),
                            Column.text("jwks-url", Form.url()),
                            Column.filledList("algorithms", Form.text("the names of algorithms")),
                            Column.text("deny-url", Form.url())),
                    List.of());

    private PolicyVariables() {}

    /** Every variable of this room, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(JWKS_URL, ISSUER, AUDIENCE, DENY_URL, MAX_STALE, SCOPE);
    }

    /** The table of issuers. */
    public static List<Table> tables() {
        return List.of(ISSUERS);
    }
}
