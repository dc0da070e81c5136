package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255",
        "10.0.0.0/8, ::ffff:10.1.2.3",
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1/32, 192.0.2.1",
        "192.0.2.128/25, 192.0.2.129",
        "::ffff:192.0.2.1, 192.0.2.1",
        "2001:db8::/32, 2001:db8:1:2:3:4:5:6",
        "2001:db8::1, 2001:0db8:0:0::1",
        "::1, ::1"
    })
    void containsItsAddresses(String network, String address) {
        assertThat(Network.parse(network).orElseThrow().contains(address(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 11.0.0.0",
        "192.0.2.1, 192.0.2.2",
        "192.0.2.128/25, 192.0.2.127",
        "10.0.0.0/8, a00::",
        "2001:db8::/32, 2001:db9::",
        "::/1, 127.0.0.1",
        "::1, 127.0.0.1"
    })
    void doesNotContainOtherAddresses(String network, String address) {
        assertThat(Network.parse(network).orElseThrow().contains(address(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/0",
                "10.0.0.0/08",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "::/0",
                "::/129",
                "2001:db8::1/64",
                "::ffff:10.0.0.0/104",
                "localhost",
                "proxy.example",
                "127.1",
                "010.0.0.1",
                "1.2.3.4:80",
                "[::1]",
                "fe80::1%lo",
                "*"
            })
    void rejectsEverythingElse(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void widensAnIpv6AddressToItsSlash64() {
        Network holder = Network.ofHolder(address("2001:db8:1:2:3:4:5:6"));

        assertThat(holder).isEqualTo(Network.ofHolder(address("2001:db8:1:2:ffff::")));
        assertThat(holder).isNotEqualTo(Network.ofHolder(address("2001:db8:1:3:3:4:5:6")));
        assertThat(Network.ofHolder(address("192.0.2.1")))
                .isEqualTo(Network.ofHolder(address("::ffff:192.0.2.1")))
                .isNotEqualTo(Network.ofHolder(address("192.0.2.2")));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
