package services.chorus.seqthink.policy;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an operator said about tokens. The lists belong together by position, see {@link
 * IssuerSettings}; defaults stand in {@link PolicyVariables}.
 */
@ConfigMapping(prefix = "seqthink.policy")
public interface PolicyConfig {

    /** Where the issuers publish their keys. */
    Optional<List<URI>> jwksUrls();

    /** {@code iss} of the tokens to accept, exactly. */
    Optional<List<String>> issuers();

    /** {@code aud} that the tokens of each issuer must contain. */
    Optional<List<String>> audiences();

    /** The scope that every {@code /mcp} route asks for. */
    String requiredScope();
}
