package services.chorus.seqthink.gateway;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the packaged service, which is given its settings as system properties. */
@QuarkusIntegrationTest
class ToolRouteIT extends ToolRouteTest {}
