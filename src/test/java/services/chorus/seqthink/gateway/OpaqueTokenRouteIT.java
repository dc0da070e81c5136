package services.chorus.seqthink.gateway;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the packaged service. */
@QuarkusIntegrationTest
class OpaqueTokenRouteIT extends OpaqueTokenRouteTest {}
