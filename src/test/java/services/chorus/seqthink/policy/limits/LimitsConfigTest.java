package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;

class LimitsConfigTest {

    @Test
    void requireLimitsOfAtLeastOne() {
        List<Variable> limits = LimitsConfig.SECTION.variables().subList(0, 2);

        assertThat(limits)
                .extracting(Variable::name)
                .containsExactly("RATE_LIMIT_PER_MINUTE", "FAILURE_LIMIT_PER_MINUTE");
        assertThat(limits)
                .allSatisfy(
                        limit -> {
                            assertThat(limit.fault("0")).isPresent();
                            assertThat(limit.fault("-1")).isPresent();
                            assertThat(limit.fault("many")).isPresent();
                            assertThat(limit.fault("1")).isEmpty();
                        });
    }

    @Test
    void acceptProxiesThatAreAddressesOrNetworks() {
        assertThat(faults()).isEmpty();
        assertThat(faults("10.0.0.0/8", " 192.0.2.1", "2001:db8::/32")).isEmpty();
    }

    @Test
    void nameEveryInvalidProxy() {
        assertThat(faults("10.0.0.0/8", "proxy.example", "10.1.0.0/8"))
                .containsExactly(
                        "TRUSTED_PROXIES contains 'proxy.example', which is not an address or a network: set it to"
                                + " addresses or networks such as 10.0.0.0/8, whose host bits are 0 (comma-separated)",
                        "TRUSTED_PROXIES contains '10.1.0.0/8', which is not an address or a network: set it to addresses"
                                + " or networks such as 10.0.0.0/8, whose host bits are 0 (comma-separated)");
    }

    private static List<String> faults(String... proxies) {
        return LimitsConfig.faults(
                        new LimitsConfig() {
                            @Override
                            public int perMinute() {
                                return 200;
                            }

                            @Override
                            public int failuresPerMinute() {
                                return 60;
                            }

                            @Override
                            public Optional<List<String>> trustedProxies() {
                                return Optional.of(List.of(proxies));
                            }
                        })
                .stream()
                .map(Fault::line)
                .toList();
    }
}
