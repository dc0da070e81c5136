package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.Door;

@QuarkusTest
@WithTestResource(Door.class)
class RecipientsRouteTest {

    private static final String ROUTE = "/.well-known/age-recipients";

    /**
     * Verifies the document with Node.js and no code of this service; prints header and payload.
     */
    private static final String VERIFY =
            """
            import { createHash, createPublicKey, verify } from 'node:crypto';
            import { readFileSync } from 'node:fs';
            const [header, payload, signature] = readFileSync(0, 'ascii').split('.');
            const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
            const jwk = read(header).jwk;
            const genuine = verify(
              null,
              Buffer.from(`${header}.${payload}`),
              createPublicKey({ key: jwk, format: 'jwk' }),
              Buffer.from(signature, 'base64url'));
            const thumbprint = createHash('sha256')
              .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }))
              .digest('base64url');
            console.log(JSON.stringify(
              { genuine, thumbprint, header: read(header), payload: read(payload) }));
            """;

    Door door;
    @TempDir Path folder;

    @Test
    void independentToolsVerifyTheDocument() throws Exception {
        String jws = when().get(ROUTE).then().statusCode(200).extract().asString();

        JsonNode read = verified(jws);

        assertThat(read.get("genuine").booleanValue()).isTrue();
        assertThat(read.get("thumbprint").textValue()).isEqualTo(door.signer().fingerprint());
        JsonNode header = read.get("header");
        assertThat(header.get("alg").textValue()).isEqualTo("EdDSA");
        assertThat(header.get("typ").textValue()).isEqualTo("age-recipients");
        assertThat(header.get("kid").textValue()).isEqualTo(door.signer().fingerprint());
        assertThat(header.get("jwk"))
                .isEqualTo(new ObjectMapper().readTree(door.signer().publicJwk()));
        JsonNode payload = read.get("payload");
        assertThat(payload.get("url").textValue()).isEqualTo(Door.PUBLIC_URL);
        assertThat(payload.get("version").longValue()).isEqualTo(1);
        assertThat(payload.at("/recipients/0").textValue()).isEqualTo(door.key().recipient());
        assertThat(payload.get("recipients")).hasSize(1);
        assertThat(payload.at("/opens/0").textValue())
                .isEqualTo(door.key().identity().recipient().fingerprint());
        long since = payload.get("since").longValue();
        assertThat(Instant.ofEpochSecond(since))
                .isBetween(Instant.now().minusSeconds(600), Instant.now());
        assertThat(payload.get("until").longValue()).isEqualTo(since + 3600);
    }

    @Test
    void independentToolsRejectAChangedDocument() throws Exception {
        String jws = when().get(ROUTE).asString();

        assertThat(verified(jws.replaceFirst("\\.[^.]+\\.", ".e30.")).get("genuine").booleanValue())
                .isFalse();
    }

    @Test
    void theDocumentMayBeCachedForAMinute() {
        when().get(ROUTE)
                .then()
                .statusCode(200)
                .contentType("application/jose")
                .header("Cache-Control", "public, max-age=60");
        when().head(ROUTE).then().statusCode(200).contentType("application/jose");
    }

    @Test
    void rejectsOtherMethodsAndMediaTypes() {
        when().post(ROUTE)
                .then()
                .statusCode(405)
                .header("Allow", "GET, HEAD")
                .body("code", equalTo("method-not-allowed"));
        given().accept("text/html").get(ROUTE).then().statusCode(406);
    }

    private JsonNode verified(String jws) throws Exception {
        return new ObjectMapper()
                .readTree(
                        CommandLineTool.needed("node", folder)
                                .run(jws.getBytes(US_ASCII), "--input-type=module", "-e", VERIFY)
                                .orFail());
    }
}
