package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    private static final String BALANCER = "10.0.0.7";

    private final TrustedProxies proxies =
            new TrustedProxies(List.of("10.0.0.0/8", " 2001:db8:f::/48"));

    @Test
    void trustsOnlyConfiguredProxies() {
        assertThat(origin("192.0.2.1", "198.51.100.1")).isEqualTo("192.0.2.1");
        InetAddress balancer = InetAddress.ofLiteral(BALANCER);
        assertThat(new TrustedProxies(List.of()).origin(balancer, List.of("198.51.100.1")))
                .isEqualTo(balancer);
    }

    @Test
    void usesThePeerWithoutForwardedAddresses() {
        assertThat(origin(BALANCER)).isEqualTo(BALANCER);
        assertThat(origin(BALANCER, "")).isEqualTo(BALANCER);
    }

    @Test
    void readsFromTheRightToTheFirstUntrustedAddress() {
        assertThat(origin(BALANCER, "192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(origin(BALANCER, "198.51.100.9, 192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(origin(BALANCER, "198.51.100.9,192.0.2.1 , 10.1.1.1")).isEqualTo("192.0.2.1");
        assertThat(origin(BALANCER, "10.2.2.2, 10.1.1.1")).isEqualTo("10.2.2.2");
        assertThat(origin("2001:db8:f::1", "192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(origin("::ffff:10.0.0.7", "192.0.2.1")).isEqualTo("192.0.2.1");
    }

    @Test
    void readsSeveralHeadersAsOne() {
        assertThat(origin(BALANCER, "198.51.100.9", "192.0.2.1", "10.1.1.1, 10.2.2.2"))
                .isEqualTo("192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:4711, 192.0.2.1",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:4711, 2001:db8:0:0:0:0:0:1",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void readsTheFormsThatProxiesWrite(String hop, String address) {
        assertThat(origin(BALANCER, hop)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"unknown", "_hidden", "192.0.2", "192.0.2.1:", "[::1", "caller.example", "''"})
    void usesTheProxyWhenItsEntryIsUnreadable(String hop) {
        assertThat(origin(BALANCER, "192.0.2.1, " + hop)).isEqualTo(BALANCER);
        assertThat(origin(BALANCER, "192.0.2.1, " + hop + ", 10.1.1.1")).isEqualTo("10.1.1.1");
    }

    @Test
    void rejectsTextThatIsNotANetwork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustedProxies(List.of("proxy.example")));
    }

    private String origin(String peer, String... forwardedFor) {
        return proxies.origin(InetAddress.ofLiteral(peer), List.of(forwardedFor)).getHostAddress();
    }
}
