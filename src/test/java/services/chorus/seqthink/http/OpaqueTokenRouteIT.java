package services.chorus.seqthink.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The same against the packaged service. */
@QuarkusIntegrationTest
@Tag("twin")
class OpaqueTokenRouteIT extends OpaqueTokenRouteTest {

    @Override
    void setClockAhead(Duration ahead) {
        // the clock of another process cannot be moved, so time has to pass
    }
}
