package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** {@code INSECURE_DEV} with nothing configured. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = Door.WITHOUT, value = "sealing|policy"))
class NeitherSealedNorAuthorizedTest {

    @TestHTTPResource URI service;

    @Test
    void answersPlainJsonFromAnybody() {
        given().contentType("application/json")
                .body(
                        "{\"tool\":\"sequentialthinking\",\"payload\":%s}"
                                .formatted(Client.thought(Canaries.thought())))
                .post("/mcp/tool")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("result.thoughtHistoryLength", equalTo(1));
    }

    @Test
    void streamsPlainJsonToAnybody() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        try {
            Stream<String> lines =
                    http.send(
                                    HttpRequest.newBuilder(service.resolve("/mcp/sse")).build(),
                                    BodyHandlers.ofLines())
                            .body();
            String data = lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
            assertThat(Base64.getDecoder().decode(data.substring(6)))
                    .asString()
                    .startsWith("{\"event\":\"open\"");
        } finally {
            http.shutdownNow();
        }
    }

    @Test
    void advertisesNoRecipients() {
        when().get("/.well-known/age-recipients")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("not-found"));
    }

    @Test
    void rejectsABodyThatIsNotJson() {
        given().contentType("application/json")
                .body("{\"tool\":1,\"tool\":2}")
                .post("/mcp/tool")
                .then()
                .statusCode(400)
                .body("code", equalTo("malformed"));
    }
}
