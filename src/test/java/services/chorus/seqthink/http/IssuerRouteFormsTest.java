package services.chorus.seqthink.http;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import services.chorus.seqthink.issuer.IssuerFiles;

/** Where only the built-in issuer runs. */
@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class IssuerRouteFormsTest extends RouteForms {

    @Override
    GatewayConfig config() {
        return GatewaySettings.with(Map.of("seqthink.gateway.roles", "issuer"));
    }
}
