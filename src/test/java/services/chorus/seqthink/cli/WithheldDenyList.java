package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;

import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;

/**
 * Stands before an issuer's deny list and fails until it is told to pass the list on: a door looks
 * again five seconds after a failure, and half a minute after a list.
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

    void passOn() {
        server.answers(request -> new Answer(200, given().get(issuerUrl + PATH).asString()));
    }

    @Override
    public void close() {
        server.close();
    }
}
