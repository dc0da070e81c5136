package services.chorus.seqthink.http.connection;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.connection.Connection.Outcome;
import services.chorus.seqthink.http.connection.UnreadAnswers.Unread;
import services.chorus.seqthink.policy.limits.PeerNetworks;
import services.chorus.seqthink.telemetry.Meters;

class ConnectionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A complete request of HTTP/1.1 with an empty answer. */
    private static final HttpServerRequest REQUEST =
            proxy(
                    HttpServerRequest.class,
                    Map.of(
                            "version",
                            HttpVersion.HTTP_1_1,
                            "isEnded",
                            true,
                            "response",
                            proxy(HttpServerResponse.class, Map.of("bytesWritten", 0L))));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConnectionLimits limits =
            new ConnectionLimits(
                    8,
                    3,
                    20,
                    5,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(40),
                    100_000);
    private long now;
    private final Connections connections =
            new Connections(
                    limits,
                    new PeerNetworks(List.of("10.0.0.0/8")),
                    new Meters(registry),
                    () -> now);

    @Test
    void closesTheOneThatWaitsLongestWhenThereAreTooMany() {
        List<Client> clients = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            clients.add(new Client("192.0.%d.1".formatted(i)));
        }

        assertThat(clients.getFirst().isOpen()).isFalse();
        assertThat(clients.subList(1, 9)).allMatch(Client::isOpen);
        assertThat(connections.open()).isEqualTo(8);
        assertThat(registry.counter("seqthink.connections.cut").count()).isEqualTo(1);
    }

    @Test
    void sparesNetworksWithFewWhenThereAreTooMany() {
        Client oldest = new Client("192.0.2.1");
        Client proxy = new Client("10.0.0.1");
        List<Client> many = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            many.add(new Client("192.0.%d.1".formatted(3 + i / 2)));
        }
        Client another = new Client("192.0.9.1");

        assertThat(many.getFirst().isOpen()).isFalse();
        assertThat(many.subList(1, 6)).allMatch(Client::isOpen);
        assertThat(List.of(oldest, proxy, another)).allMatch(Client::isOpen);
    }

    @Test
    void closesNoneOfAnotherNetworkForOneThatHasMore() {
        Client other = new Client("192.0.2.1");
        for (int i = 0; i < 7; i++) {
            new Client("192.0.%d.1".formatted(i < 2 ? 3 : 4 + i / 3)).works();
        }
        assertThat(new Client("192.0.3.1").isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void closesOneThatTakesNoAnswerForANewOne() {
        List<Client> busy = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            busy.add(new Client("192.0.%d.1".formatted(2 + i / 3)));
            busy.getLast().works();
        }
        busy.getFirst().holds(1);
        pass(Duration.ofSeconds(2));

        assertThat(new Client("192.0.9.1").isOpen()).isTrue();
        assertThat(busy.getFirst().isOpen()).isFalse();
        assertThat(busy.subList(1, 8)).allMatch(Client::isOpen);
    }

    @Test
    void closesNoneWithARequestInProgressForANewOne() {
        List<Client> busy = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            busy.add(new Client("192.0.%d.1".formatted(i)));
            busy.getLast().works();
        }
        Client refused = new Client("192.0.9.1");

        assertThat(refused.isOpen()).isFalse();
        assertThat(busy).allMatch(Client::isOpen);

        busy.getFirst().waits();
        assertThat(new Client("192.0.9.1").isOpen()).isTrue();
        assertThat(busy.getFirst().isOpen()).isFalse();
    }

    @Test
    void closesOneOfTheSameNetworkWhenThatHasTooMany() {
        Client other = new Client("192.0.2.1");
        List<Client> one = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            one.add(new Client("2001:db8:0:0%d::1".formatted(i))); // a /56
        }

        assertThat(other.isOpen()).isTrue();
        assertThat(one.stream().filter(Client::isOpen)).hasSize(3);
        assertThat(one.subList(2, 5)).allMatch(Client::isOpen);
        assertThat(new Client("2001:db8:0:100::1").isOpen()).isTrue();
    }

    @Test
    void limitsTrustedProxiesInAllOnly() {
        List<Client> proxy = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            proxy.add(new Client("10.0.0.1"));
        }
        assertThat(proxy).allMatch(Client::isOpen);
    }

    @Test
    void limitsTheRequestsInProgressOfANetworkAndInAllButNoProbes() {
        Client first = new Client("192.0.2.1");
        Client second = new Client("192.0.2.1");
        for (int i = 0; i < 5; i++) {
            (i % 2 == 0 ? first : second).works();
        }
        assertThat(connections.begins(second.connection, false)).isEqualTo(Outcome.BUSY);
        Client proxy = new Client("10.0.0.1");
        for (int i = 0; i < 15; i++) {
            proxy.works();
        }
        assertThat(connections.begins(proxy.connection, false)).isEqualTo(Outcome.BUSY);
        Client small = new Client("192.0.9.1");
        for (int i = 0; i < 4; i++) {
            small.works();
        }
        assertThat(connections.begins(small.connection, false)).isEqualTo(Outcome.BUSY);
        for (int i = 0; i < 12; i++) {
            assertThat(connections.begins(second.connection, true)).isEqualTo(Outcome.BEGUN);
        }
        assertThat(connections.begins(small.connection, true)).isEqualTo(Outcome.BEGUN);
        small.channel.close();
        second.channel.close();
        assertThat(connections.begins(proxy.connection, false)).isEqualTo(Outcome.BEGUN);
        proxy.waits();

        first.waits();
        proxy.works();
        proxy.channel.close();
        first.works();
        assertThat(connections.begins(proxy.connection, false)).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void forgetsClosedOnes() {
        for (int i = 0; i < 100; i++) {
            new Client("192.0.2.1").channel.close();
        }
        assertThat(connections.open()).isZero();
        assertThat(registry.counter("seqthink.connections.cut").count()).isZero();
    }

    @Test
    void closesOneThatSendsNoHeadInTime() {
        Client silent = new Client("192.0.2.1");
        Client slow = new Client("192.0.2.2");
        for (int i = 0; i < 10; i++) {
            pass(SECOND, silent, slow);
            slow.sends("X");
        }
        assertThat(silent.isOpen()).isTrue();
        pass(SECOND, silent, slow);
        assertThat(silent.isOpen()).isFalse();
        assertThat(slow.isOpen()).isFalse();
    }

    @Test
    void closesOneThatIsIdleButNoneWithARequestInProgress() {
        Client client = new Client("192.0.2.1");
        client.connection.begin(REQUEST, false);
        pass(Duration.ofMinutes(10), client);
        assertThat(client.isOpen()).isTrue();

        client.connection.end(REQUEST);
        client.channel.runPendingTasks();
        pass(Duration.ofSeconds(60), client);
        assertThat(client.isOpen()).isTrue();
        pass(SECOND, client);
        assertThat(client.isOpen()).isFalse();
        assertThat(registry.counter("seqthink.connections.cut").count()).isZero();
    }

    @Test
    void closesOneWhoseNextHeadIsNotCompleteInTime() {
        Client client = new Client("192.0.2.1");
        client.connection.begin(REQUEST, false);
        client.connection.end(REQUEST);
        client.channel.runPendingTasks();
        pass(Duration.ofSeconds(30), client);
        client.sends("G");
        pass(Duration.ofSeconds(10), client);
        client.sends("E");
        assertThat(client.isOpen()).isTrue();
        pass(SECOND, client);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesOneThatTakesNoAnswer() {
        Client slow = new Client("192.0.2.1");
        slow.connection.begin(REQUEST, false);
        slow.holds(8 * 1024 * 10);
        pass(Duration.ofSeconds(40), slow);
        assertThat(slow.isOpen()).isTrue();
        pass(SECOND, slow);
        assertThat(slow.isOpen()).isFalse();
    }

    @Test
    void waitsForOneThatTakesAnswers() {
        Client steady = new Client("192.0.2.1");
        steady.connection.begin(REQUEST, false);
        for (int i = 0; i < 100; i++) {
            Unread answer = steady.holds(1024);
            pass(Duration.ofSeconds(30), steady);
            connections.takes(answer);
        }
        assertThat(steady.isOpen()).isTrue();
    }

    @Test
    void waitsForOneThatTakesALargeAnswerSlowly() {
        Client slow = new Client("192.0.2.1");
        slow.connection.begin(REQUEST, false);
        slow.holds(99_000);
        for (int i = 0; i < 48; i++) {
            slow.connection.taken += 2 * 1024;
            pass(SECOND, slow);
        }
        assertThat(slow.isOpen()).isTrue();
    }

    @Test
    void closesOneThatTakesSingleBytes() {
        Client sipping = new Client("192.0.2.1");
        sipping.connection.begin(REQUEST, false);
        sipping.holds(99_000);
        for (int i = 0; i < 41; i++) {
            assertThat(sipping.isOpen()).isTrue();
            sipping.connection.taken += 100;
            pass(SECOND, sipping);
        }
        assertThat(sipping.isOpen()).isFalse();
    }

    @Test
    void closesOneThatTakesOtherAnswersOnly() {
        Client choosy = new Client("192.0.2.1");
        choosy.connection.begin(REQUEST, false);
        choosy.holds(8 * 1024);
        for (int i = 0; i < 41; i++) {
            connections.takes(choosy.holds(1024));
            choosy.connection.taken += 100 * 1024;
            pass(SECOND, choosy);
        }
        assertThat(choosy.isOpen()).isTrue();
        pass(SECOND, choosy);
        assertThat(choosy.isOpen()).isFalse();
    }

    @Test
    void takingOtherAnswersSavesNobodyWhenTooMuchIsUnread() {
        Client choosy = new Client("192.0.2.1");
        choosy.holds(60_000);
        pass(SECOND, choosy);
        connections.takes(choosy.holds(1000));
        pass(SECOND, choosy);
        Client other = new Client("192.0.3.1");
        other.holds(60_000);

        assertThat(choosy.isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void closesTheOneThatHasTakenNoAnswerForLongestWhenTooMuchIsUnread() {
        Client first = new Client("192.0.2.1");
        Client second = new Client("192.0.3.1");
        Client fast = new Client("192.0.4.1");
        first.holds(60_000);
        pass(SECOND, first, second, fast);
        second.holds(30_000);
        pass(SECOND, first, second, fast);
        fast.holds(20_000);

        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(fast.isOpen()).isTrue();
        // the bytes of the closed one do not count any more
        fast.holds(40_000);
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void closesNobodyForAnswersOfThisSecond() {
        Client one = new Client("192.0.2.1");
        one.holds(60_000);
        Client other = new Client("192.0.3.1");
        other.holds(60_000);
        assertThat(one.isOpen()).isTrue();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void closesOneEvenForAnswersOfThisSecondAtTwiceTheLimit() {
        Client one = new Client("192.0.2.1");
        one.holds(140_000);
        Client other = new Client("192.0.3.1");
        other.holds(70_000);
        assertThat(one.isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void countsStreamsLikeConnections() {
        Client other = new Client("192.0.2.1");
        Client idle = new Client("192.0.3.1");
        Client client = new Client("192.0.3.1");
        client.works();

        assertThat(connections.beginsStream(client.connection)).isTrue();
        assertThat(idle.isOpen()).isTrue();
        assertThat(connections.beginsStream(client.connection)).isTrue();
        assertThat(idle.isOpen()).isFalse();
        assertThat(connections.beginsStream(client.connection)).isFalse();
        assertThat(client.isOpen()).isTrue();
        assertThat(other.isOpen()).isTrue();

        connections.endsStream(client.connection);
        assertThat(connections.beginsStream(client.connection)).isTrue();
        client.channel.close();
        assertThat(connections.open()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(new Client("192.0.3.1").isOpen()).isTrue();
        }
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void closesOneThatOnlyKeepsStreamsUnread() {
        Client client = new Client("192.0.3.1");
        assertThat(connections.beginsStream(client.connection)).isTrue();
        assertThat(connections.beginsStream(client.connection)).isTrue();
        assertThat(connections.beginsStream(client.connection)).isFalse();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesOthersThatWaitForTheStreamsOfAProxy() {
        Client proxy = new Client("10.0.0.1");
        proxy.works();
        List<Client> idle = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            idle.add(new Client("192.0.%d.1".formatted(i)));
        }
        for (int i = 0; i < 7; i++) {
            assertThat(idle.get(i).isOpen()).isTrue();
            assertThat(connections.beginsStream(proxy.connection)).isTrue();
            assertThat(idle.get(i).isOpen()).isFalse();
        }
        assertThat(connections.beginsStream(proxy.connection)).isFalse();
        assertThat(proxy.isOpen()).isTrue();
    }

    @Test
    void fitsTheHeapAndTheOpenFiles() {
        assertThat(ConnectionLimits.within(new Heap(1L << 30), 1 << 20).all()).isEqualTo(8192);
        assertThat(ConnectionLimits.within(new Heap(64L << 20), 1 << 20).all()).isEqualTo(1024);
        assertThat(ConnectionLimits.within(new Heap(1L << 30), 1024).all()).isEqualTo(768);
        assertThat(ConnectionLimits.within(new Heap(1L << 30), 100).all()).isEqualTo(64);
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answers.get(method.getName())));
    }

    private void pass(Duration time, Client... clients) {
        now += time.toNanos();
        for (Client client : clients) {
            client.checks();
        }
    }

    private final class Client {

        private final Connection connection = new Connection(connections);
        private final EmbeddedChannel channel;

        Client(String address) {
            channel =
                    new EmbeddedChannel(connection) {
                        @Override
                        protected SocketAddress remoteAddress0() {
                            return new InetSocketAddress(address, 1);
                        }
                    };
            channel.freezeTime();
        }

        boolean isOpen() {
            channel.runPendingTasks();
            return channel.isOpen();
        }

        void works() {
            assertThat(connections.begins(connection, false)).isEqualTo(Outcome.BEGUN);
        }

        void waits() {
            connections.ends(connection);
        }

        Unread holds(long bytes) {
            return connections.holds(connection, bytes);
        }

        void sends(String text) {
            channel.writeInbound(Unpooled.copiedBuffer(text.getBytes()));
        }

        void checks() {
            channel.advanceTimeBy(1, SECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }
}
