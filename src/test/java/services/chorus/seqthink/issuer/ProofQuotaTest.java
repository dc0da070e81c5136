package services.chorus.seqthink.issuer;

import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestProof;

/** The number of proofs that the token endpoint remembers for each client. */
@QuarkusTest
@QuarkusTestResource(
        value = IssuerFiles.class,
        restrictToAnnotatedClass = true,
        initArgs = @ResourceArg(name = "seqthink.sealing.replay-quota", value = "10"))
class ProofQuotaTest {

    @BeforeEach
    void waitUntilNewProofsAreAccepted() {
        AcceptingGateway.awaitDefault();
    }

    private final HandMadeJws key = HandMadeJws.generate();

    @Test
    void isPerClientAndTemporary() {
        for (int i = 0; i < 10; i++) {
            ask("agent").then().statusCode(200);
        }

        ask("agent")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .header("Cache-Control", "no-store")
                .body("error", equalTo("temporarily_unavailable"));
        ask("other").then().statusCode(200);
    }

    private Response ask(String clientId) {
        TestProof proof =
                TestProof.by(key)
                        .claim("htm", "POST")
                        .claim("htu", IssuerFiles.URL + IssuerRoutes.TOKEN);
        return AsClient.request()
                .header("DPoP", proof.sign())
                .header("Authorization", AsClient.basic(clientId, IssuerFiles.SECRET))
                .body("grant_type=client_credentials")
                .post(IssuerRoutes.TOKEN);
    }
}
