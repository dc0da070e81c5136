package services.chorus.seqthink.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an operator said about tokens. Issuers are named in lists that belong together by position,
 * in a table, or in both, see {@link IssuerSettings}; defaults stand in {@link PolicyVariables}.
 */
@ConfigMapping(prefix = "seqthink.policy")
public interface PolicyConfig {

    /** Where the issuers publish their keys. */
    Optional<List<URI>> jwksUrls();

    /** {@code iss} of the tokens to accept, exactly. */
    Optional<List<String>> issuers();

    /** {@code aud} that the tokens of each issuer must contain. */
    Optional<List<String>> audiences();

    /** Where the issuers publish which of their tokens are revoked; all of them, or none. */
    Optional<List<URI>> denyUrls();

    /** Issuers beside those of the lists. */
    @WithName("issuer")
    List<Entry> table();

    /** {@code JWKS_MAX_STALE}: how old the last good keys of an issuer may grow. */
    Duration jwksMaxStale();

    /** The scope that every {@code /mcp} route asks for. */
    String requiredScope();

    /** Whether no issuer of signed tokens is named. */
    default boolean isOff() {
        return issuers().isEmpty() && table().isEmpty();
    }

    /** One issuer of the table. Texts, so that {@link PolicyCheck} can say what is wrong. */
    interface Entry {

        /** Its {@code iss}, exactly. */
        Optional<String> name();

        /** {@code aud} that its tokens must contain. */
        Optional<String> audience();

        /** Where it publishes its keys; none for the issuer in this process. */
        Optional<String> jwksUrl();

        /** What its tokens may be signed with; whatever its keys permit when not said. */
        Optional<List<String>> algorithms();

        /** Where it publishes which of its tokens are revoked. */
        Optional<String> denyUrl();
    }
}
