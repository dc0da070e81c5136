package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import services.chorus.seqthink.sealing.ReplyTarget;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.state.History;

/**
 * One request to a sealed route, from its first byte to its answer, with the results of the stages
 * so far. Each stage reads what earlier stages set, and sets its own part once. For one thread,
 * except that other threads (the audit log) may call the public accessors.
 */
public final class Exchange {

    private final String route;
    private final long started = System.nanoTime();

    private final AtomicBoolean answeredBefore = new AtomicBoolean();
    private volatile Optional<AuthenticatedCaller> caller = Optional.empty();
    private volatile Optional<String> requestHash = Optional.empty();
    private volatile Optional<String> tool = Optional.empty();
    private volatile OptionalInt innerStatus = OptionalInt.empty();
    private volatile Optional<String> innerCode = Optional.empty();

    private Optional<RequestContent> content = Optional.empty();
    private boolean armored;
    private Optional<byte[]> sealed = Optional.empty();
    private Optional<Incoming.Accepted> opened = Optional.empty();
    private Optional<History> history = Optional.empty();
    private Optional<ObjectNode> arguments = Optional.empty();
    private Optional<ObjectNode> outcome = Optional.empty();

    /**
     * @param route the request's path, below the public URL
     */
    public Exchange(String route) {
        this.route = route;
    }

    public String route() {
        return route;
    }

    /** Time since the request's first line. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** True for the first call only, so that one audit event is written for each request. */
    public boolean isFirstAnswer() {
        return answeredBefore.compareAndSet(false, true);
    }

    public void authenticated(AuthenticatedCaller sender) {
        caller = Optional.of(sender);
    }

    /** The sender; empty before authentication. */
    public Optional<AuthenticatedCaller> authenticated() {
        return caller;
    }

    /**
     * Sets the content, which is not read yet.
     *
     * @param armor whether the caller wants replies in ASCII armor
     */
    public void unread(RequestContent unreadContent, boolean armor) {
        content = Optional.of(unreadContent);
        armored = armor;
    }

    /** Sets the sealed bytes, binary or armored; an empty array if the caller sent none. */
    public void received(byte[] bytes) {
        sealed = Optional.of(bytes);
    }

    boolean isReceived() {
        return sealed.isPresent();
    }

    void opened(Incoming.Accepted incoming) {
        opened = Optional.of(incoming);
        ReplyTarget from = incoming.from();
        history =
                Optional.of(
                        new HistoryKey(caller().caller(), from.name(), from.session()).history());
    }

    void hash(String hashOfRequest) {
        requestHash = Optional.of(hashOfRequest);
    }

    void calls(String toolName) {
        tool = Optional.of(toolName);
    }

    void allowed(ObjectNode toolArguments) {
        arguments = Optional.of(toolArguments);
    }

    void completed(ObjectNode members) {
        outcome = Optional.of(members);
    }

    void answered(int status, Optional<String> code) {
        innerStatus = OptionalInt.of(status);
        innerCode = code;
    }

    /** The unpadded base64url SHA-256 of the sealed request; empty before it is opened. */
    public Optional<String> requestHash() {
        return requestHash;
    }

    /** The name of the called tool, as sent. */
    public Optional<String> tool() {
        return tool;
    }

    /** The status inside the sealed answer. */
    public OptionalInt innerStatus() {
        return innerStatus;
    }

    /** The code of the refusal inside the sealed answer. */
    public Optional<String> innerCode() {
        return innerCode;
    }

    boolean armored() {
        return armored;
    }

    AuthenticatedCaller caller() {
        return caller.orElseThrow();
    }

    RequestContent content() {
        return content.orElseThrow();
    }

    byte[] sealed() {
        return sealed.orElseThrow();
    }

    ObjectNode request() {
        return opened.orElseThrow().request();
    }

    ReplyTarget replyTarget() {
        return opened.orElseThrow().from();
    }

    History history() {
        return history.orElseThrow();
    }

    ObjectNode arguments() {
        return arguments.orElseThrow();
    }

    ObjectNode outcome() {
        return outcome.orElseThrow();
    }

    /** Hides the content of the request. */
    @Override
    public String toString() {
        return "Exchange[" + route + "]";
    }
}
