package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.AuditRecords;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** The audit log while a stranger sends many requests. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = "seqthink.limits.failures-per-minute", value = "5"))
class AuditFloodTest {

    private static final int FLOOD = 300;
    private static final int MOST_RECORDS = 50;

    Door door;

    @Test
    void countsARequestOfAStrangerOverTheLimitAndRecordsEveryCall() {
        AuditRecords audit = new AuditRecords(door.audit());
        int before = audit.decisions().size();
        for (int i = 0; i < FLOOD; i++) {
            int status = given().post("/mcp/tool").statusCode();
            assertThat(status).isIn(401, 429);
        }
        Client caller = Client.stranger(door);
        for (int i = 1; i <= 3; i++) {
            assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(i);
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() -> audit.text().contains("\"kind\":\"omitted\""));
        assertThat(audit.decisions().size() - before).isLessThan(MOST_RECORDS);
        assertThat(audit.decisions())
                .filteredOn(record -> record.path("status").intValue() == 200)
                .hasSize(3);
    }
}
