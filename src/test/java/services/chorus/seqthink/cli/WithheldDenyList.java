package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;

import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;

/**
 * A proxy for an issuer's deny list that fails until a test publishes the list: a gateway polls
 * again five seconds after a failure, but half a minute after a list.
 */
record WithheldDenyList(FaultyServer server, String issuerUrl) implements AutoCloseable {

    static final String PATH = "/.well-known/revoked-tokens";

    static WithheldDenyList of(String issuerUrl) {
        FaultyServer server = FaultyServer.start();
        server.answers(503, "");
        return new WithheldDenyList(server, issuerUrl);
    }

    String url() {
        return server.url(PATH).toString();
    }

    void publish() {
        server.answers(request -> new Answer(200, given().get(issuerUrl + PATH).asString()));
    }

    @Override
    public void close() {
        server.close();
    }
}
