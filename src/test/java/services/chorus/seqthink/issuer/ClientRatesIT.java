package services.chorus.seqthink.issuer;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the packaged service. */
@QuarkusIntegrationTest
class ClientRatesIT extends ClientRatesTest {}
