package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;
import services.chorus.seqthink.client.RecipientResolver.Recipients;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * A gateway as one caller uses it: every request is sealed and bound to its reply, and only
 * verified replies and events are returned. Safe for use by several threads.
 */
public final class GatewayClient implements AutoCloseable {

    private static final String TOOL_ROUTE = "/mcp/tool";
    private static final String STREAM_ROUTE = "/mcp/sse";
    private static final int WRONG_RECIPIENTS = 422;

    private final String url;
    private final RecipientResolver recipients;
    private final Credentials caller;
    private final Duration silence;
    private final GatewayHttp http;

    /**
     * How long to wait for a gateway.
     *
     * @param answer for a whole reply, or for the head of a stream
     * @param silence for the next byte of a stream
     */
    public record Timeouts(Duration answer, Duration silence) {

        /** Three times the interval at which a gateway sends a comment in a silent stream. */
        public static final Duration SILENCE = Duration.ofSeconds(45);
    }

    /** A gateway's answer to a request for a stream. */
    public sealed interface Followed {

        /** The stream, for the caller to close. */
        record Events(EventFeed feed) implements Followed {}

        /** A verified refusal. */
        record Refused(Reply reply) implements Followed {}
    }

    private record Answer<T>(HttpResponse<T> response, Binding binding) {}

    @FunctionalInterface
    private interface Sender<T> {
        HttpResponse<T> send(String route, Credentials caller, byte[] sealed)
                throws InterruptedException, CallFailed;
    }

    /**
     * Connects to nothing yet.
     *
     * @param url the gateway's public URL
     * @param caller not closed by this client
     * @param authorities trusted for the gateway's certificate
     * @throws CallFailed when a token must not be sent to that URL
     */
    public GatewayClient(
            String url,
            RecipientSource recipients,
            Credentials caller,
            Timeouts timeouts,
            CertificateAuthorities authorities)
            throws CallFailed {
        this.url = checked(url);
        this.caller = caller;
        this.silence = timeouts.silence();
        this.http = new GatewayHttp(this.url, timeouts.answer(), authorities);
        this.recipients = new RecipientResolver(recipients, this.url, http);
    }

    /**
     * The URL without a slash at its end.
     *
     * @throws CallFailed when a token must not be sent there
     */
    public static String checked(String url) throws CallFailed {
        String checked = url.replaceFirst("/$", "");
        try {
            URI uri = URI.create(checked);
            if (BoundedHttp.permits(uri)) {
                return checked;
            }
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                throw new CallFailed(checked + " would send the token unencrypted: use https");
            }
        } catch (IllegalArgumentException e) {
            // reported like any other text that is no URL of a gateway
        }
        throw new CallFailed(
                checked + " is not the URL of a gateway: give one such as https://mcp.example");
    }

    /**
     * Calls a tool.
     *
     * @param session the name under which the gateway keeps the history, unless the default
     * @return the gateway's reply, which may be an error
     * @throws CallFailed when there is no reply that can be trusted
     */
    public Reply call(String tool, ObjectNode arguments, Optional<String> session)
            throws IOException, InterruptedException {
        ObjectNode request = StrictJson.object().put("tool", tool);
        request.set("payload", arguments);
        return send(TOOL_ROUTE, request, session);
    }

    /**
     * Seals a message and sends it to a route. If the gateway cannot open it but signs newer
     * recipients, the message is sealed to those and sent once more under the same request id.
     *
     * @param route starts with a slash
     * @param message the members beside the envelope
     * @param session as for {@link #call}
     * @throws CallFailed when there is no reply that can be trusted
     */
    public Reply send(String route, ObjectNode message, Optional<String> session)
            throws IOException, InterruptedException {
        Answer<byte[]> answer = exchange(route, message, session, http::post);
        return Reply.open(answer.response(), answer.response().body(), caller, answer.binding());
    }

    /**
     * Follows the caller's thoughts as they complete.
     *
     * @param after the last event received; empty to begin with the oldest
     * @param session as for {@link #call}
     * @throws CallFailed when there is no answer that can be trusted
     */
    public Followed follow(Optional<After> after, Optional<String> session)
            throws IOException, InterruptedException {
        ObjectNode request = StrictJson.object();
        after.ifPresent(
                place ->
                        request.putObject(After.MEMBER)
                                .put(StreamEvent.EPOCH, place.epoch())
                                .put(StreamEvent.SEQUENCE, place.sequence()));
        Answer<InputStream> answer = exchange(STREAM_ROUTE, request, session, http::stream);
        EventFeed.TimedStream body = new EventFeed.TimedStream(answer.response().body(), silence);
        if (answer.response().statusCode() == 200) {
            StreamVerifier verifier = new StreamVerifier(answer.binding(), after);
            return new Followed.Events(new EventFeed(body, verifier, caller, GatewayHttp.LARGEST));
        }
        try (body) {
            byte[] refusal = body.readNBytes(GatewayHttp.LARGEST);
            return new Followed.Refused(
                    Reply.open(answer.response(), refusal, caller, answer.binding()));
        }
    }

    /** Closes all connections, including those of open streams. */
    @Override
    public void close() {
        http.close();
    }

    private <T> Answer<T> exchange(
            String route, ObjectNode message, Optional<String> session, Sender<T> sender)
            throws IOException, InterruptedException {
        Addressing addressing =
                new Addressing(
                        caller.token(),
                        url + route,
                        Optional.of(caller.identities().getFirst().recipient()),
                        session);
        Recipients first = recipients.current();
        OutgoingRequest request =
                OutgoingRequest.seal(
                        message, addressing, first.keys(), Encoding.BINARY, Instant.now());
        HttpResponse<T> response = sender.send(route, caller, request.sealed());
        if (response.statusCode() == WRONG_RECIPIENTS) {
            if (response.body() instanceof InputStream unread) {
                unread.close();
            }
            request = request.sealAgain(recipients.newerThan(first).keys());
            response = sender.send(route, caller, request.sealed());
        }
        return new Answer<>(response, request.binding());
    }
}
