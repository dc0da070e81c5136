package services.chorus.seqthink.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Variable;

/**
 * The settings of signed tokens. Issuers are configured in lists that are paired by position, in a
 * table, or in both, see {@link IssuerSettings}. {@link PolicyCheck} finds the faults.
 */
@ConfigMapping(prefix = "seqthink.policy")
public interface PolicyConfig {

    Section SECTION =
            Section.of(PolicyConfig.class, "policy")
                    .add("KACHING_JWKS_URL", "jwks-urls", Form.endpoints())
                    .essential(
                            "JWKS URL of each token issuer, comma-separated, in the order of "
                                    + "`JWT_ISSUER`. An issuer in this process needs none.")
                    .add("JWT_ISSUER", "issuers", Form.texts("the `iss` of the tokens to accept"))
                    .essential(
                            "Accepted values of a token's `iss`, comma-separated, compared "
                                    + "exactly. Mandatory for the door role unless a table of issuers or "
                                    + "opaque tokens are configured.")
                    .add(
                            "JWT_AUDIENCE",
                            "audiences",
                            Form.texts("the `aud` of this service, one for each issuer"))
                    .essential(
                            "The `aud` that a token must contain, one for each issuer, "
                                    + "comma-separated, in the order of `JWT_ISSUER`.")
                    .add("JWT_DENY_URL", "deny-urls", Form.endpoints())
                    .meaning(
                            "URL of each issuer's signed list of revoked tokens, "
                                    + "comma-separated, in the order of `KACHING_JWKS_URL`. An issuer in "
                                    + "this process needs none. Unset: tokens are accepted until they "
                                    + "expire.")
                    .add(
                            "JWKS_MAX_STALE",
                            "jwks-max-stale",
                            KeySet.MAX_STALE.toHours() + "h",
                            Form.duration(FetchPace.LONGEST_LIFE, Duration.ofDays(30)))
                    .meaning(
                            "How long the last good keys of an issuer are used while no newer "
                                    + "ones can be fetched.")
                    .add(
                            "REQUIRED_SCOPE",
                            "required-scope",
                            "sequentialthinking.run",
                            Form.text("one OAuth scope, without spaces or quotes"))
                    .essential("OAuth scope that a token needs for every `/mcp` route.")
                    .with(
                            Table.of(
                                    "seqthink.policy.issuer",
                                    Column.text(
                                                    "name",
                                                    Form.text("the `iss` of the tokens to accept"))
                                            .inEveryEntry(),
                                    Column.text("audience", Form.text("the `aud` of this service"))
                                            .inEveryEntry(),
                                    Column.text("jwks-url", Form.endpoint()),
                                    Column.filledList(
                                            "algorithms", Form.text("the names of algorithms")),
                                    Column.text("deny-url", Form.endpoint())));

    Variable JWKS_URL = SECTION.variable("KACHING_JWKS_URL");
    Variable ISSUER = SECTION.variable("JWT_ISSUER");
    Variable AUDIENCE = SECTION.variable("JWT_AUDIENCE");
    Variable DENY_URL = SECTION.variable("JWT_DENY_URL");
    Variable MAX_STALE = SECTION.variable("JWKS_MAX_STALE");
    Variable SCOPE = SECTION.variable("REQUIRED_SCOPE");

    Optional<List<URI>> jwksUrls();

    Optional<List<String>> issuers();

    Optional<List<String>> audiences();

    Optional<List<URI>> denyUrls();

    @WithName("issuer")
    List<Entry> table();

    Duration jwksMaxStale();

    String requiredScope();

    /** The audience of the first issuer of the lists. */
    default Optional<String> firstAudience() {
        return audiences().flatMap(audiences -> audiences.stream().findFirst());
    }

    /** Whether no issuer of signed tokens is named. */
    default boolean isOff() {
        return issuers().isEmpty() && table().isEmpty();
    }

    /** One issuer of the table, as text that {@link PolicyCheck} checks. */
    interface Entry {

        /** {@code iss}. */
        Optional<String> name();

        /** A value that the {@code aud} of its tokens must contain. */
        Optional<String> audience();

        /** Must be empty for the issuer in this process. */
        Optional<String> jwksUrl();

        /** Signature algorithms; empty: all that its keys permit. */
        Optional<List<String>> algorithms();

        Optional<String> denyUrl();
    }
}
