package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.testing.NodePackages;
import services.chorus.seqthink.testing.Service;

/** The packaged issuer with openid-client and jose as its client, two libraries of one author. */
class OpenidClientIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path folder;
    private static OwnIssuer issuer;
    private static Service service;
    private static String secret;
    private static Path key;

    @BeforeAll
    static void startAnIssuer() throws Exception {
        NodePackages.install();
        issuer = OwnIssuer.in(folder);
        secret = issuer.addWithSecret("by-secret", "--scope", "think,read");
        key = issuer.addWithNewKey("by-key", "--scope", "think,read");
        // the other libraries verify RS256
        issuer.environment().put("ISSUER_ALGORITHM", "EdDSA");
        service = issuer.start("OpenidClientIT");
    }

    @AfterAll
    static void stopTheIssuer() {
        if (service != null) {
            service.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "by-secret, client_secret_basic, false",
        "by-secret, client_secret_basic, true",
        "by-secret, client_secret_post, false",
        "by-secret, client_secret_post, true",
        "by-key, private_key_jwt, false",
        "by-key, private_key_jwt, true"
    })
    void getsVerifiesIntrospectsAndRevokesAToken(String client, String method, boolean bound)
            throws Exception {
        JsonNode got = run(client, method, bound);

        assertThat(got.get("methods").valueStream().map(JsonNode::textValue)).contains(method);
        assertThat(got.get("type").textValue()).isEqualToIgnoringCase(bound ? "DPoP" : "Bearer");
        assertThat(got.get("algorithm").textValue()).isEqualTo("EdDSA");
        assertThat(got.get("scope").textValue()).isEqualTo("think");
        JsonNode claims = got.get("payload");
        assertThat(claims.get("client_id").textValue()).isEqualTo(client);
        assertThat(claims.get("scope").textValue()).isEqualTo("think");
        JsonNode active = got.get("active");
        assertThat(active.get("active").booleanValue()).isTrue();
        for (String claim : new String[] {"iss", "sub", "aud", "exp", "iat", "jti", "client_id"}) {
            assertThat(active.get(claim)).as(claim).isEqualTo(claims.get(claim));
        }
        for (JsonNode confirmed : new JsonNode[] {claims, active}) {
            assertThat(confirmed.at("/cnf/jkt").asText())
                    .isEqualTo(bound ? got.get("thumbprint").textValue() : "");
        }
        assertThat(got.get("revoked")).hasToString("{\"active\":false}");
    }

    private static JsonNode run(String client, String method, boolean bound) throws Exception {
        ObjectNode settings =
                JSON.createObjectNode()
                        .put("issuer", issuer.url())
                        .put("audience", issuer.audience())
                        .put("clientId", client)
                        .put("method", method)
                        .put("secret", secret)
                        .put("bound", bound);
        settings.set("key", JSON.readTree(key.toFile()));
        Path file = Files.writeString(folder.resolve("client.json"), settings.toString());
        String printed = NodePackages.run("oauth-client.mjs", file.toString());
        return StrictJson.parse(printed.getBytes(UTF_8)).orElseThrow();
    }
}
