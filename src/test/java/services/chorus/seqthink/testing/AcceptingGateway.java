package services.chorus.seqthink.testing;

import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Waits until a gateway accepts requests: just after its start it rejects those issued now, since
 * they may have been answered before the start.
 */
public final class AcceptingGateway {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AcceptingGateway() {}

    /** Waits for the gateway that RestAssured calls by default. */
    public static void awaitDefault() {
        await(RestAssured::given); // each time, since a test run starts several on one port
    }

    /** Waits for the gateway at a URL. */
    static void awaitAt(String url) {
        await(() -> RestAssured.given().relaxedHTTPSValidation().baseUri(url));
    }

    private static void await(Supplier<RequestSpecification> request) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> {
                            List<Boolean> accepting =
                                    request.get()
                                            .get("/q/health/ready")
                                            .path("checks.data.'requests-of-now'");
                            return !accepting.contains(false);
                        });
    }
}
