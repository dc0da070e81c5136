package services.chorus.seqthink.testing;

import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * A door that was just started takes no request that is issued now, since it may have been answered
 * before the start; this waits until it does.
 */
public final class Taking {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Taking() {}

    /** Waits for the door that RestAssured asks. */
    public static void awaitDefault() {
        await(RestAssured::given); // each time: a test run starts one after the other on one port
    }

    /** Waits for the door at a URL. */
    static void awaitAt(String url) {
        await(() -> RestAssured.given().relaxedHTTPSValidation().baseUri(url));
    }

    private static void await(Supplier<RequestSpecification> asking) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> {
                            List<Boolean> taking =
                                    asking.get()
                                            .get("/q/health/ready")
                                            .path("checks.data.'requests-of-now'");
                            return !taking.contains(false);
                        });
    }
}
