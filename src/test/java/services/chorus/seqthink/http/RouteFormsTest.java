package services.chorus.seqthink.http;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Door;

@QuarkusTest
@WithTestResource(Door.class)
class RouteFormsTest extends RouteForms {

    @BeforeEach
    void awaitReadiness() {
        AcceptingGateway.awaitDefault();
    }

    @Override
    GatewayConfig config() {
        return GatewaySettings.with(Map.of());
    }
}
