package services.chorus.seqthink.issuer;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same tests against the packaged service. */
@QuarkusIntegrationTest
class RevocationIT extends RevocationTest {}
