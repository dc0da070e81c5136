package services.chorus.seqthink.issuer.revoked;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.keys.TestKeys;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMovedClock;

/** Reads the list with the JDK only, not with the library that signed it. */
class RevocationListTest {

    private static final String ISSUER = "https://tokens.example";

    private final HandMovedClock clock = new HandMovedClock();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir private Path folder;

    private SigningKeys keys;
    private RevokedTokens revoked;
    private RevocationList list;

    @BeforeEach
    void open() {
        keys = TestKeys.open(folder.resolve("keys.json"), clock);
        revoked = RevokedTokens.open(folder.resolve("revoked.json"), clock);
        list = new RevocationList(revoked, keys, ISSUER, clock);
    }

    @Test
    void listsTheHashesOfRevokedTokens() throws Exception {
        revoked.add("one", clock.instant().plusSeconds(60));

        long now = clock.instant().getEpochSecond();
        JsonNode payload = part(list.signed(), 1);
        assertThat(payload.properties()).hasSize(4);
        assertThat(payload.get("iss").textValue()).isEqualTo(ISSUER);
        assertThat(payload.get("iat").longValue()).isEqualTo(now);
        assertThat(payload.get("exp").longValue()).isEqualTo(now + 120);
        assertThat(payload.get("sha256")).hasSize(1);
        assertThat(payload.get("sha256").get(0).textValue())
                .isEqualTo(Client.sha256("one".getBytes(US_ASCII)));
    }

    @Test
    void isSignedWithATypeOfItsOwn() throws Exception {
        String signed = list.signed();

        String[] parts = signed.split("\\.");
        Signature rs256 = Signature.getInstance("SHA256withRSA");
        rs256.initVerify(
                (PublicKey) new JsonWebKeySet(keys.jwks()).getJsonWebKeys().getFirst().getKey());
        rs256.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertThat(rs256.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(part(signed, 0).get("typ").textValue()).isEqualTo("revoked-tokens+jwt");
        assertThat(part(signed, 0).get("kid").textValue())
                .isEqualTo(new JsonWebKeySet(keys.jwks()).getJsonWebKeys().getFirst().getKeyId());
        assertThat(keys.verified("at+jwt", signed)).isEmpty();
    }

    @Test
    void isSignedAgainWhenItChangedOrIsOld() throws Exception {
        String first = list.signed();
        clock.advance(Duration.ofSeconds(4));
        assertThat(list.signed()).isEqualTo(first);

        revoked.add("one", clock.instant().plusSeconds(60));
        String changed = list.signed();
        assertThat(changed).isNotEqualTo(first);

        clock.advance(Duration.ofSeconds(5));
        assertThat(list.signed()).isNotEqualTo(changed);
    }

    @Test
    void isReusedInBetween() {
        revoked.add("one", clock.instant().plusSeconds(60));
        String signed = list.signed();

        clock.advance(Duration.ofSeconds(3)); // the file is read again
        assertThat(list.signed()).isSameAs(signed);
    }

    @Test
    void leavesOutWhatExpiredMeanwhile() throws Exception {
        revoked.add("one", clock.instant().plusSeconds(60));
        assertThat(part(list.signed(), 1).get("sha256")).hasSize(1);

        clock.advance(Duration.ofSeconds(120));
        assertThat(part(list.signed(), 1).get("sha256")).isEmpty();
    }

    private JsonNode part(String jws, int index) throws IOException {
        return json.readTree(Base64.getUrlDecoder().decode(jws.split("\\.")[index]));
    }
}
