package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;

class RecordLimitsTest {

    private final ManualTime time = new ManualTime();
    private final RecordLimits limits = new RecordLimits(5, List.of(), time);

    @Test
    void limitsTheRecordsAboutAnAddressAndLeavesThoseAboutOthers() {
        assertThat(admitted("192.0.2.1", 1_000)).isEqualTo(5);
        assertThat(admitted("192.0.2.2", 1)).isEqualTo(1);
    }

    @Test
    void limitsTheRecordsAboutAllStrangers() {
        long records =
                IntStream.range(0, 1_000)
                        .mapToLong(i -> admitted("198.51." + i / 250 + "." + i % 250, 5))
                        .sum();

        assertThat(records).isEqualTo(50);
        assertThat(limits.admitOverRate(caller("known"))).isTrue();
    }

    @Test
    void limitsTheRecordsAboutACallerOverItsRate() {
        for (int request = 0; request < 5; request++) {
            assertThat(limits.admitOverRate(caller("greedy"))).isTrue();
        }
        assertThat(limits.admitOverRate(caller("greedy"))).isFalse();
        assertThat(limits.admitOverRate(caller("other"))).isTrue();
    }

    private long admitted(String address, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> limits.admitStranger(InetAddress.ofLiteral(address), List.of()))
                .count();
    }

    private static Caller caller(String name) {
        return new Caller("issuer", Caller.Kind.SUBJECT, name);
    }
}
