package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLimitsTest {

    private final ManualTime time = new ManualTime();
    private final FailureLimits limits = new FailureLimits(6, List.of("10.0.0.0/8"), time);

    @Test
    void countTheFailuresOfEachAddress() {
        for (int i = 0; i < 6; i++) {
            assertThat(fail("192.0.2.1").admitted()).isTrue();
        }
        Standing over = fail("192.0.2.1");
        assertThat(over.admitted()).isFalse();
        assertThat(over.untilNext()).isEqualTo(Duration.ofSeconds(10));

        assertThat(fail("192.0.2.2").remaining()).isEqualTo(5);
        time.pass(Duration.ofSeconds(10));
        assertThat(fail("192.0.2.1").admitted()).isTrue();
    }

    @Test
    void ignoreForwardedAddressesOfUntrustedPeers() {
        assertThat(fail("192.0.2.1", "198.51.100.1").remaining()).isEqualTo(5);
        assertThat(fail("192.0.2.1", "198.51.100.2").remaining()).isEqualTo(4);
    }

    @Test
    void distinguishClientsBehindATrustedProxy() {
        assertThat(fail("10.0.0.1", "192.0.2.1").remaining()).isEqualTo(5);
        assertThat(fail("10.0.0.2", "198.51.100.1, 192.0.2.1").remaining()).isEqualTo(4);
        assertThat(fail("10.0.0.1", "192.0.2.2").remaining()).isEqualTo(5);
    }

    @Test
    void countAnIpv6Slash64AsOneAddress() {
        assertThat(fail("2001:db8::1").remaining()).isEqualTo(5);
        assertThat(fail("2001:db8::ffff:2").remaining()).isEqualTo(4);
        assertThat(fail("10.0.0.1", "2001:db8:0:0:9::1").remaining()).isEqualTo(3);
        assertThat(fail("2001:db8:0:1::1").remaining()).isEqualTo(5);
    }

    private Standing fail(String peer, String... forwardedFor) {
        return limits.fail(InetAddress.ofLiteral(peer), List.of(forwardedFor));
    }
}
