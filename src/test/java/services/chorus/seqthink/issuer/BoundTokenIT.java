package services.chorus.seqthink.issuer;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

/** The same tests against the packaged service. */
@QuarkusIntegrationTest
@Tag("twin")
class BoundTokenIT extends BoundTokenTest {}
