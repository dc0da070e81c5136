package services.chorus.seqthink.http;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/** The same against the packaged service. */
@QuarkusIntegrationTest
@Tag("twin")
class BodyRoomIT extends BodyRoomTest {}
