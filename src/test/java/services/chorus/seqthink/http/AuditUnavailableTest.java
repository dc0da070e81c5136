package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.audit.FailingAudit;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.Scrape;

/** A gateway whose mandatory audit log cannot be written. */
@QuarkusTest
@WithTestResource(Door.class)
@TestProfile(AuditUnavailableTest.WithAFailingDisk.class)
class AuditUnavailableTest {

    Door door;
    @Inject FailingAudit disk;

    @AfterEach
    void freeTheDisk() {
        disk.freeDisk();
        await().until(() -> ready() == 200);
    }

    @Test
    void writesARecordBeforeEachAnswer() {
        Client caller = Client.stranger(door);

        for (int length = 1; length <= 5; length++) {
            assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(length);
            assertThat(decisions()).last().asString().contains("\"outcome\":\"allowed\"");
        }
        given().post("/mcp/tool").then().statusCode(401);
        assertThat(decisions()).last().asString().contains("\"status\":401");
    }

    @Test
    void answers503WhileRecordsCannotBeWritten() {
        Client caller = Client.stranger(door);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        int before = decisions().size();
        disk.fillDisk();

        // this call reaches the tool, since the failure is not detected yet
        assertIsUnavailable(post(caller));
        assertIsUnavailable(post(caller));
        given().post("/mcp/tool").then().statusCode(503);
        assertThat(ready()).isEqualTo(503);
        assertThat(Scrape.now().values())
                .containsEntry("seqthink_audit_failing", 1.0)
                .hasEntrySatisfying(
                        "seqthink_audit_failures_total", count -> assertThat(count).isPositive());
        given().get("/health").then().statusCode(200);
        assertThat(decisions()).hasSize(before);

        disk.freeDisk();
        await().until(() -> ready() == 200);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(3);
        List<String> since = decisions().subList(before, decisions().size());
        assertThat(since).hasSize(5);
        assertThat(since.get(0)).contains("\"outcome\":\"allowed\"", "\"status\":200");
        assertThat(since.subList(1, 4))
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .contains("\"outcome\":\"failed\"", "audit-unavailable"));
        assertThat(since.get(4)).contains("\"outcome\":\"allowed\"");
    }

    @Test
    void answers503InsteadOfARejectionThatCannotBeRecorded() {
        disk.fillDisk();

        // the first request detects the full disk
        assertIsUnavailable(given().header("Host", "elsewhere.example").post("/mcp/tool"));
        assertIsUnavailable(given().header("Origin", "https://evil.example").post("/mcp/tool"));
        given().header("Host", "elsewhere.example").get("/nothing").then().statusCode(421);

        disk.freeDisk();
        await().until(() -> ready() == 200);
        given().header("Host", "elsewhere.example").post("/mcp/tool").then().statusCode(421);
        assertThat(decisions()).last().asString().contains("\"status\":421", "wrong-host");
    }

    private Response post(Client caller) {
        return caller.post(caller.sealed(caller.request(Canaries.thought())));
    }

    private static void assertIsUnavailable(Response response) {
        response.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "5")
                .header("Cache-Control", "no-store")
                .body("code", equalTo("audit-unavailable"));
    }

    private static int ready() {
        return given().get("/ready").statusCode();
    }

    private List<String> decisions() {
        return disk.lines().stream()
                .filter(line -> line.contains("\"kind\":\"decision\""))
                .toList();
    }

    /** Starts the gateway with a disk that the test fills. */
    public static final class WithAFailingDisk implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FailingAudit.class);
        }
    }
}
