package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;

/** Whom a token is for, by its {@code cnf} (RFC 7800 section 3.1). */
public sealed interface Confirmation {

    /** For whoever brings it: there is no {@code cnf}. */
    record Bearer() implements Confirmation {}

    /**
     * For the holder of a key (RFC 9449 section 6.1).
     *
     * @param thumbprint the key's {@code jkt}: its SHA-256 thumbprint (RFC 7638) as unpadded
     *     base64url
     */
    record Key(String thumbprint) implements Confirmation {}

    /** For somebody who is told in a way that is not known here; so for nobody. */
    record Unknown() implements Confirmation {}

    /**
     * Reads a {@code cnf}, of a token or of what was said of one.
     *
     * @param cnf missing where there is none
     */
    static Confirmation of(JsonNode cnf) {
        if (cnf.isMissingNode()) {
            return new Bearer();
        }
        // a second member would ask for more than the one is checked for
        if (!StrictJson.hasExactly(cnf, Set.of("jkt"))) {
            return new Unknown();
        }
        return StrictBase64.decode(cnf.get("jkt"))
                .filter(thumbprint -> thumbprint.length == 32)
                .<Confirmation>map(thumbprint -> new Key(StrictBase64.encode(thumbprint)))
                .orElseGet(Unknown::new);
    }
}
