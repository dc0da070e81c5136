package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.2");

    private final ManualTime time = new ManualTime();
    private final ClientLimits limits = new ClientLimits(6, 3, List.of("10.0.0.0/8"), time);

    @Test
    void countTheRequestsOfEachClientFromEachAddress() {
        for (int i = 0; i < 6; i++) {
            assertThat(limits.ask("agent", HERE).admitted()).isTrue();
        }
        Standing over = limits.ask("agent", HERE);
        assertThat(over.admitted()).isFalse();
        assertThat(over.untilNext()).isEqualTo(Duration.ofSeconds(10));

        assertThat(limits.ask("agent", ELSEWHERE).remaining()).isEqualTo(5);
        assertThat(limits.ask("other", HERE).remaining()).isEqualTo(5);
        time.pass(Duration.ofSeconds(10));
        assertThat(limits.ask("agent", HERE).admitted()).isTrue();
    }

    @Test
    void countFailuresByAddressAlone() {
        assertThat(limits.untilMayFail(HERE)).isZero();
        for (int left = 2; left >= 0; left--) {
            assertThat(limits.fail(HERE).remaining()).isEqualTo(left);
        }

        assertThat(limits.fail(HERE).admitted()).isFalse();
        assertThat(limits.untilMayFail(HERE)).isEqualTo(Duration.ofSeconds(20));
        assertThat(limits.untilMayFail(ELSEWHERE)).isZero();
        assertThat(limits.ask("agent", HERE).remaining()).isEqualTo(5);
        time.pass(Duration.ofSeconds(20));
        assertThat(limits.untilMayFail(HERE)).isZero();
        assertThat(limits.fail(HERE).admitted()).isTrue();
    }

    @Test
    void countNothingWhenOnlyTheWaitIsAsked() {
        limits.fail(HERE);
        for (int i = 0; i < 10; i++) {
            assertThat(limits.untilMayFail(HERE)).isZero();
        }

        assertThat(limits.fail(HERE).remaining()).isEqualTo(1);
    }

    @Test
    void countAnIpv6Slash64AsOneAddress() {
        InetAddress one = InetAddress.ofLiteral("2001:db8::1");
        InetAddress neighbour = InetAddress.ofLiteral("2001:db8::ffff:2");

        limits.ask("agent", one);
        limits.fail(one);

        assertThat(limits.ask("agent", neighbour).remaining()).isEqualTo(4);
        assertThat(limits.fail(neighbour).remaining()).isEqualTo(1);
    }

    @Test
    void allowAnIpv6Slash56TheFailuresOfFourAddresses() {
        for (int address = 0; address < 4; address++) {
            for (int i = 0; i < 3; i++) {
                assertThat(limits.fail(ipv6(address)).admitted()).isTrue();
            }
        }

        assertThat(limits.untilMayFail(ipv6(0xff))).isEqualTo(Duration.ofSeconds(5));
        assertThat(limits.fail(ipv6(0xff)).admitted()).isFalse();
        assertThat(limits.untilMayFail(ipv6(0x100))).isZero();
        time.pass(Duration.ofSeconds(5));
        assertThat(limits.fail(ipv6(0xfe)).admitted()).isTrue();
    }

    @Test
    void letOneAddressUseOnlyItsShareOfASlash56() {
        for (int i = 0; i < 100; i++) {
            limits.fail(ipv6(0));
        }

        assertThat(limits.untilMayFail(ipv6(0))).isPositive();
        assertThat(limits.untilMayFail(ipv6(1))).isZero();
    }

    private static InetAddress ipv6(int sixtyFour) {
        return InetAddress.ofLiteral("2001:db8:0:%x::1".formatted(sixtyFour));
    }

    @Test
    void trustForwardedAddressesOfTrustedProxies() {
        InetAddress proxy = InetAddress.ofLiteral("10.0.0.1");

        assertThat(limits.origin(proxy, List.of("198.51.100.1, 192.0.2.1"))).isEqualTo(HERE);
        assertThat(limits.origin(HERE, List.of("192.0.2.2"))).isEqualTo(HERE);
    }
}
