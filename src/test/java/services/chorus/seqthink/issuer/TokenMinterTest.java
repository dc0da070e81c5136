package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.keys.TestKeys;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.testing.HandMovedClock;

/** Reads the tokens with the JDK only, not with the library that made them. */
class TokenMinterTest {

    private static final String RECIPIENT =
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    private final HandMovedClock clock = new HandMovedClock();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir private Path folder;

    private SigningKeys keys;
    private TokenMinter minter;

    @BeforeEach
    void openKeys() {
        keys = TestKeys.open(folder.resolve("keys.json"), clock);
        minter =
                new TokenMinter(
                        keys,
                        "https://tokens.example",
                        "https://door.example",
                        Duration.ofMinutes(15),
                        clock);
    }

    @Test
    void signsWithTheKeyThatTheJwksPublishes() throws Exception {
        String[] parts = mint(client(Optional.empty())).value().split("\\.");

        JsonNode jwk = json.readTree(keys.jwks()).path("keys").path(0);
        Signature rs256 = Signature.getInstance("SHA256withRSA");
        rs256.initVerify(publicKey(jwk));
        rs256.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertThat(rs256.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();

        JsonNode header = decode(parts[0]);
        assertThat(header)
                .isEqualTo(
                        json.createObjectNode()
                                .put("alg", "RS256")
                                .put("typ", "at+jwt")
                                .put("kid", jwk.path("kid").asText()));
    }

    @Test
    void writesTheClaimsOfRfc9068() throws IOException {
        JsonNode claims = claims(mint(client(Optional.empty())));

        long now = clock.instant().getEpochSecond();
        assertThat(claims)
                .isEqualTo(
                        json.createObjectNode()
                                .put("iss", "https://tokens.example")
                                .put("sub", "agent")
                                .put("client_id", "agent")
                                .put("aud", "https://door.example")
                                .put("iat", (int) now)
                                .put("nbf", (int) now)
                                .put("exp", (int) now + 900)
                                .put("jti", claims.path("jti").asText())
                                .put("scope", "a.run b.read"));
    }

    @Test
    void bindsTheTokenToTheRegisteredAgeRecipient() throws IOException {
        JsonNode claims = claims(mint(client(Optional.of(RECIPIENT))));

        assertThat(claims.path("age_recipient").asText()).isEqualTo(RECIPIENT);
    }

    @Test
    void bindsTheTokenToTheProvenKey() throws IOException {
        Client client = client(Optional.empty());
        TokenMinter.SignedToken bound =
                minter.mint(
                        client,
                        new TreeSet<>(client.scopes()),
                        Optional.empty(),
                        Optional.of("thumbprint"));

        assertThat(claims(bound).path("cnf"))
                .isEqualTo(json.createObjectNode().put("jkt", "thumbprint"));
        assertThat(bound.scheme()).isEqualTo(Scheme.DPOP);
        assertThat(mint(client).scheme()).isEqualTo(Scheme.BEARER);
    }

    @Test
    void givesEachTokenAnIdOf128Bits() throws IOException {
        Client client = client(Optional.empty());
        String first = claims(mint(client)).path("jti").asText();
        String second = claims(mint(client)).path("jti").asText();

        assertThat(Base64.getUrlDecoder().decode(first)).hasSize(16);
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void hidesTheTokenInText() {
        assertThat(mint(client(Optional.empty()))).hasToString("SignedToken[hidden]");
    }

    private TokenMinter.SignedToken mint(Client client) {
        return minter.mint(
                client,
                new TreeSet<>(Set.of("b.read", "a.run")),
                client.ageRecipient(),
                Optional.empty());
    }

    private Client client(Optional<String> ageRecipient) {
        var clients = Clients.open(folder.resolve("clients.json"), clock);
        Registrations.add(
                        clients,
                        Registrations.of("agent", Set.of("a.run"), ageRecipient, Optional.empty()))
                .close();
        return clients.find("agent").orElseThrow();
    }

    private JsonNode claims(TokenMinter.SignedToken token) throws IOException {
        return decode(token.value().split("\\.")[1]);
    }

    private JsonNode decode(String part) throws IOException {
        return json.readTree(Base64.getUrlDecoder().decode(part));
    }

    private static PublicKey publicKey(JsonNode jwk) throws Exception {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(number(jwk.path("n")), number(jwk.path("e"))));
    }

    private static BigInteger number(JsonNode base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url.asText()));
    }
}
