package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.FaultyServer.Request;

/** An issuer whose metadata and answers a test chooses. */
final class FakeIssuer implements AutoCloseable {

    static final String METADATA = "/.well-known/oauth-authorization-server";

    private final FaultyServer server = FaultyServer.start();
    private final ObjectNode metadata = new ObjectMapper().createObjectNode();
    private final ObjectNode granted = new ObjectMapper().createObjectNode();
    private final String url = server.url("").toString();
    private final String token = Canaries.note("token-" + UUID.randomUUID());

    FakeIssuer() {
        metadata.put("issuer", url).put("token_endpoint", url + "/grant");
        metadata.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("private_key_jwt");
        granted.put("access_token", token).put("token_type", "Bearer").put("expires_in", 900);
        answers(200, granted);
    }

    String url() {
        return url;
    }

    /** Its metadata, for the test to change. */
    ObjectNode metadata() {
        return metadata;
    }

    /** The answer to token requests, which a test may change. */
    ObjectNode granted() {
        return granted;
    }

    /** The token that it issues. */
    String token() {
        return token;
    }

    /** Answers requests for a token like this. */
    void answers(int status, JsonNode entity) {
        answers(request -> new Answer(status, entity.toString()));
    }

    void answers(Function<Request, Answer> grants) {
        server.answers(
                request ->
                        request.path().startsWith(METADATA)
                                ? new Answer(200, metadata.toString())
                                : grants.apply(request));
    }

    /** Answers all requests like this. */
    void answersAlways(int status, String body) {
        server.answers(status, body);
    }

    List<Request> requests() {
        return server.requests();
    }

    Request lastRequest() {
        return server.requests().getLast();
    }

    /** The parameters of the last request. */
    Map<String, String> form() {
        return Stream.of(lastRequest().body().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], UTF_8),
                                pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    /** The Basic credentials of the last request. */
    String basic() {
        String header = lastRequest().headers().get("authorization");
        assertThat(header).startsWith("Basic ");
        return new String(Base64.getDecoder().decode(header.substring(6)), US_ASCII);
    }

    /** Runs {@code token} as a client of this issuer. */
    CommandRun token(String input, String... options) {
        String[] client = {"token", "--issuer", url, "--client-id", "agent/1"};
        return CommandRun.of(
                input.getBytes(UTF_8),
                Stream.of(client, options).flatMap(Stream::of).toArray(String[]::new));
    }

    /** The same with a secret in a file. */
    CommandRun bySecret(Path secret, String... options) {
        return withFile("--secret-file", secret, options);
    }

    /** The same with a key in a file. */
    CommandRun byKey(Path key, String... options) {
        return withFile("--client-key", key, options);
    }

    @Override
    public void close() {
        server.close();
    }

    private CommandRun withFile(String option, Path file, String... options) {
        String[] proof = {option, file.toString()};
        return token("", Stream.of(proof, options).flatMap(Stream::of).toArray(String[]::new));
    }
}
