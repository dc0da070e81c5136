package services.chorus.seqthink.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.server.jaxrs.HttpHeadersImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.sealing.AgeSealing;
import services.chorus.seqthink.sealing.Keyring;
import services.chorus.seqthink.sealing.UnsealedForDevelopment;
import services.chorus.seqthink.testing.AgeKey;

class SealedBodiesTest {

    private static final int MOST = 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(10);

    private final GatewayConfig config =
            GatewaySettings.with(
                    Map.of(
                            "seqthink.gateway.max-body-mb", "1",
                            "seqthink.gateway.max-inflight-mb", "1"));
    private final InflightBytes inflight = new InflightBytes(config);
    private final SealedBodies bodies =
            new SealedBodies(
                    new AgeSealing(
                            new Keyring(List.of(AgeKey.generate().identity()), List.of()),
                            true,
                            Duration.ofMinutes(1),
                            MOST,
                            InstantSource.system()),
                    config,
                    inflight);

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"0", "3", "1048576", "-1"})
    void readsABodyWhateverLengthWithinTheLimitIsAnnounced(String length) {
        byte[] body = "0".equals(length) ? new byte[0] : new byte[] {1, 2, 3};

        assertThat(received(age(length), body)).isEqualTo(body);
        assertAllRoomIsFree();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"1048576"})
    void readsABodyOfTheMostBytes(String length) {
        assertThat(received(age(length), new byte[MOST])).hasSize(MOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1048577", "9223372036854775807"})
    void refusesAnAnnouncedBodyOverTheLimitUnread(String length) {
        assertThatThrownBy(() -> bodies.receive(age(length), new Untouchable(), unwanted()))
                .matches(is(Problem.TOO_LARGE));
        assertAllRoomIsFree();
    }

    @Test
    void refusesAnUnannouncedBodyOverTheLimitAndWipesIt() {
        byte[] read = new byte[MOST];
        Arrays.fill(read, (byte) 1);

        assertThatThrownBy(() -> receive(age(null), new Lent(read, 1)))
                .matches(is(Problem.TOO_LARGE));
        assertThat(read).containsOnly(0);
        assertAllRoomIsFree();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2"})
    void readsNoMoreThanTheRoomThatWasKept(String length) {
        InputStream body = new ByteArrayInputStream(new byte[MOST]);

        assertThatThrownBy(() -> receive(age(length), body)).matches(is(Problem.TOO_LARGE));
        assertAllRoomIsFree();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "three", "3,3", "0x3", "9223372036854775808"})
    void refusesALengthThatIsNoNumber(String length) {
        assertThatThrownBy(() -> bodies.receive(age(length), new Untouchable(), unwanted()))
                .matches(is(Problem.BAD_REQUEST));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"1", "1048576"})
    void isBusyAndReadsNothingWhereThereIsNoRoom(String length) {
        assertThat(inflight.reserve(MOST)).isTrue();

        assertThatThrownBy(() -> bodies.receive(age(length), new Untouchable(), unwanted()))
                .matches(is(Problem.BUSY));

        inflight.release(MOST);
        assertAllRoomIsFree();
    }

    @Test
    void keepsRoomForTheMostBytesWhereNoLengthIsAnnounced() {
        assertThat(inflight.reserve(1)).isTrue();

        assertThatThrownBy(() -> bodies.receive(age(null), new Untouchable(), unwanted()))
                .matches(is(Problem.BUSY));
    }

    @Test
    void keepsTheRoomUntilTheAnswerIsMade() {
        bodies.receive(age("2"), new ByteArrayInputStream(new byte[2]), this::answerWhileHeld)
                .await()
                .atMost(SOON);

        assertAllRoomIsFree();
    }

    @Test
    void givesTheRoomBackWhenAnAnswerFails() {
        RuntimeException failure = new IllegalStateException("failed");
        List<Function<byte[], Uni<Response>>> failing =
                List.of(
                        body -> Uni.createFrom().failure(failure),
                        body -> {
                            throw failure;
                        });
        for (Function<byte[], Uni<Response>> answer : failing) {
            Uni<Response> received =
                    bodies.receive(
                            age("1048576"), new ByteArrayInputStream(new byte[MOST]), answer);
            assertThatThrownBy(() -> received.await().atMost(SOON)).isEqualTo(failure);
            assertAllRoomIsFree();
        }
    }

    @Test
    void givesTheRoomBackWhenTheBodyBreaksOff() {
        assertThatThrownBy(() -> receive(age(null), new Broken())).matches(is(Problem.BAD_REQUEST));
        assertAllRoomIsFree();
    }

    @Test
    void givesTheRoomBackWhenTheAnswerIsNoLongerWanted() {
        Cancellable waiting =
                bodies.receive(
                                age("1048576"),
                                new ByteArrayInputStream(new byte[MOST]),
                                body -> Uni.createFrom().nothing())
                        .subscribe()
                        .with(response -> {});
        assertThat(inflight.reserve(1)).isFalse();

        waiting.cancel();

        assertAllRoomIsFree();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/age", "APPLICATION/Age", "application/age; charset=binary"})
    void takesTheSealedType(String type) {
        assertThat(received(headers(Map.of("Content-Type", type)), new byte[] {1})).hasSize(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "application/json",
                "application/*",
                "*/*",
                "application/age-encrypted",
                "text/age"
            })
    void refusesAnyOtherTypeUnread(String type) {
        HttpHeaders headers = headers(type == null ? Map.of() : Map.of("Content-Type", type));

        assertThatThrownBy(() -> bodies.receive(headers, new Untouchable(), unwanted()))
                .matches(is(Problem.UNSUPPORTED_MEDIA_TYPE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "identity", ""})
    void refusesAnyContentEncoding(String encoding) {
        HttpHeaders headers =
                headers(Map.of("Content-Type", "application/age", "Content-Encoding", encoding));

        assertThatThrownBy(() -> bodies.receive(headers, new Untouchable(), unwanted()))
                .matches(is(Problem.UNSUPPORTED_MEDIA_TYPE));
    }

    @Test
    void judgesTheTypeBeforeTheSize() {
        HttpHeaders headers =
                headers(Map.of("Content-Type", "text/plain", "Content-Length", "1048577"));

        assertThatThrownBy(() -> bodies.receive(headers, new Untouchable(), unwanted()))
                .matches(is(Problem.UNSUPPORTED_MEDIA_TYPE));
    }

    @Test
    void takesJsonOnlyWhereNothingIsSealed() {
        SealedBodies unsealed = new SealedBodies(new UnsealedForDevelopment(), config, inflight);
        HttpHeaders json = headers(Map.of("Content-Type", "application/json; charset=utf-8"));

        unsealed.receive(
                        json,
                        new ByteArrayInputStream(new byte[1]),
                        body -> Uni.createFrom().item(Response.ok().build()))
                .await()
                .atMost(SOON);
        assertThatThrownBy(() -> unsealed.receive(age(null), new Untouchable(), unwanted()))
                .matches(is(Problem.UNSUPPORTED_MEDIA_TYPE));
    }

    private byte[] received(HttpHeaders headers, byte[] body) {
        return receive(headers, new ByteArrayInputStream(body));
    }

    private byte[] receive(HttpHeaders headers, InputStream body) {
        AtomicReference<byte[]> received = new AtomicReference<>();
        bodies.receive(
                        headers,
                        body,
                        bytes -> {
                            received.set(bytes);
                            return Uni.createFrom().item(Response.ok().build());
                        })
                .await()
                .atMost(SOON);
        return received.get();
    }

    private Uni<Response> answerWhileHeld(byte[] body) {
        assertThat(inflight.reserve(MOST - 1)).isFalse();
        assertThat(inflight.reserve(MOST - 2)).isTrue();
        inflight.release(MOST - 2);
        return Uni.createFrom().item(Response.ok().build());
    }

    private void assertAllRoomIsFree() {
        assertThat(inflight.reserve(MOST)).isTrue();
        assertThat(inflight.reserve(1)).isFalse();
        inflight.release(MOST);
    }

    private static Function<byte[], Uni<Response>> unwanted() {
        return body -> {
            throw new AssertionError("The body was read");
        };
    }

    private static Predicate<Throwable> is(Problem problem) {
        return thrown ->
                thrown instanceof ProblemException exception && exception.problem() == problem;
    }

    private static HttpHeaders age(String length) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/age"));
        if (length != null) {
            headers.put("Content-Length", length);
        }
        return headers(headers);
    }

    private static HttpHeaders headers(Map<String, String> headers) {
        return new HttpHeadersImpl(headers.entrySet());
    }

    /** A body that must not be read. */
    private static final class Untouchable extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("The body was read");
        }
    }

    /** A body whose client goes away. */
    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("gone");
        }
    }

    /** A body that gives the test's own array to whom reads it, then some bytes more. */
    private static final class Lent extends InputStream {
        private final byte[] first;
        private int more;

        Lent(byte[] first, int more) {
            this.first = first;
            this.more = more;
        }

        @Override
        public byte[] readNBytes(int length) {
            assertThat(length).isEqualTo(first.length);
            return first;
        }

        @Override
        public int read() {
            return more-- > 0 ? 1 : -1;
        }
    }
}
