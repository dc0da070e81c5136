package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.sealing.ProtocolVectors.JSON;
import static services.chorus.seqthink.sealing.ProtocolVectors.NOW;
import static services.chorus.seqthink.sealing.ProtocolVectors.URL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import services.chorus.seqthink.sealing.ProtocolVectors;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestProof;

/**
 * Regenerates the vectors, written by hand from the protocol's description and signed with new
 * keys: {@code ./mvnw test -Dtest=ProofVectorsWriter -Dvectors.write=true}.
 */
@EnabledIfSystemProperty(named = "vectors.write", matches = "true")
class ProofVectorsWriter {

    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
    private static final String ROUTE = URL + "/mcp/tool";
    private static final byte[] SEALED = "the sealed bytes, as they are sent".getBytes(UTF_8);

    private final HandMadeJws key = HandMadeJws.generate();
    private final HandMadeJws other = HandMadeJws.generate();
    private final ArrayNode cases = JSON.createArrayNode();

    @Test
    void writeProofs() throws IOException {
        ObjectNode file = JSON.createObjectNode().put("now", NOW).put("replay_window", 60);
        file.put("token", TOKEN).put("thumbprint", key.fingerprint());
        file.put("private_jwk", key.privateJwk()).put("method", "POST").put("url", ROUTE);
        file.put("sealed", Base64.getEncoder().encodeToString(SEALED));

        accepted("a good proof", good());
        accepted("the window's early end", good().claim("iat", NOW - 60));
        accepted("the window's late end", good().claim("iat", NOW + 60));
        accepted("htu with a query", good().claim("htu", ROUTE + "?a=b"));
        accepted("htu in capitals", good().claim("htu", "HTTPS://DOOR.EXAMPLE/mcp/tool"));
        accepted("htu with its port", good().claim("htu", "https://door.example:443/mcp/tool"));

        refused("none");
        refused("two", good().sign(), good().sign());
        refused("older than the window", good().claim("iat", NOW - 61).sign());
        refused("newer than the window", good().claim("iat", NOW + 61).sign());
        refused("another method", good().claim("htm", "GET").sign());
        refused("another route", good().claim("htu", URL + "/mcp/sse").sign());
        refused("another door", good().claim("htu", "https://other.example/mcp/tool").sign());
        refused("another token", good().of("POST", ROUTE, TOKEN + "x").sign());
        refused("other bytes", good().covering(new byte[0]).sign());
        for (String claim : List.of("jti", "htm", "htu", "iat", "ath", "request_hash")) {
            refused("no " + claim, good().without(claim).sign());
        }
        refused("an empty jti", good().claim("jti", "").sign());
        refused("another typ", good().header("typ", "JWT").sign());
        refused("no jwk", good().without("jwk").sign());
        refused("an extension", good().header("crit", List.of("exp")).sign());
        refused("alg none", good().header("alg", "none").signedBy(bytes -> new byte[0]));
        refused("alg HS256", good().header("alg", "HS256").sign());
        refused("alg ES256 with an Ed25519 key", good().header("alg", "ES256").sign());
        refused(
                "a private key in the header",
                good().header(
                                "jwk",
                                Map.of("kty", "OKP", "crv", "Ed25519", "x", key.x(), "d", key.d()))
                        .sign());
        refused("another key's", proof(TestProof.by(other)).sign());
        refused("signed by another key than it shows", good().signedBy(other::signature));
        refused("a changed claim", changed(good().sign()));
        refused("padded", good().sign() + "=");
        file.set("cases", cases);
        ProtocolVectors.write("proofs.json", file);
    }

    private TestProof good() {
        return proof(TestProof.by(key));
    }

    private static TestProof proof(TestProof by) {
        return by.of("POST", ROUTE, TOKEN).claim("iat", NOW).covering(SEALED);
    }

    private static String changed(String proof) {
        String[] parts = proof.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), US_ASCII);
        parts[1] =
                HandMadeJws.base64url(
                        claims.replace("\"jti\":\"", "\"jti\":\"x").getBytes(US_ASCII));
        return String.join(".", parts);
    }

    private void accepted(String name, TestProof proof) {
        made(name, "accepted", proof.sign());
    }

    private void refused(String name, String... values) {
        made(name, "refused", values);
    }

    private void made(String name, String expect, String... values) {
        ObjectNode made = cases.addObject().put("name", name);
        ArrayNode dpop = made.putArray("dpop");
        List.of(values).forEach(dpop::add);
        made.put("expect", expect);
    }
}
