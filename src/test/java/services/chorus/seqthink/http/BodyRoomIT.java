package services.chorus.seqthink.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the packaged service. */
@QuarkusIntegrationTest
class BodyRoomIT extends BodyRoomTest {}
