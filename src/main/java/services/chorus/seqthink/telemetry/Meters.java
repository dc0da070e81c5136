package services.chorus.seqthink.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The service's meters. All exist from the start, at zero, so that a rule over them never meets a
 * missing series. Safe for use by several threads.
 */
@Singleton
public final class Meters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
    };

    private final Map<Count, Counter> counters = new EnumMap<>(Count.class);
    private final Timer requestDuration;
    private final Map<Phase, Timer> phases = new EnumMap<>(Phase.class);

    Meters(MeterRegistry registry) {
        for (Count count : Count.values()) {
            counters.put(
                    count,
                    Counter.builder(count.meter).description(count.description).register(registry));
        }
        requestDuration =
                Timer.builder("seqthink.request.duration")
                        .description("Time from the first byte of a request to its answer")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        Function<Phase, Timer> timer =
                phase ->
                        Timer.builder("seqthink.phase.duration")
                                .description("Time spent in one phase of a request")
                                .tag("phase", phase.label)
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry);
        Arrays.stream(Phase.values()).forEach(phase -> phases.put(phase, timer.apply(phase)));
    }

    /** Adds one. */
    public void count(Count count) {
        counters.get(count).increment();
    }

    /** Notes how long a request to an {@code /mcp} route took. */
    public void requestTook(Duration duration) {
        requestDuration.record(duration);
    }

    /** Notes how long a phase of a request took. */
    public void phaseTook(Phase phase, Duration duration) {
        phases.get(phase).record(duration);
    }

    /** What is counted. */
    public enum Count {
        REQUESTS("seqthink.requests", "Requests to an /mcp route"),
        ERRORS("seqthink.errors", "Requests to an /mcp route that ended in a status of 400 or up"),
        DECRYPT_FAILURES("seqthink.decrypt.failures", "Request bodies that did not open"),
        ENCRYPT_FAILURES("seqthink.encrypt.failures", "Replies that could not be sealed"),
        POLICY_DENIALS("seqthink.policy.denials", "Requests refused for their token or its scopes"),
        REPLAYS("seqthink.replays", "Requests refused because their id was taken before"),
        STATE_FAILURES(
                "seqthink.state.failures", "Times that what replicas share could not be had"),
        BARE_REQUESTS("seqthink.bare.requests", "Requests taken without an envelope");

        private final String meter;
        private final String description;

        Count(String meter, String description) {
            this.meter = meter;
            this.description = description;
        }
    }

    /** The phases of a request. */
    public enum Phase {
        OPEN("open"),
        UPSTREAM("upstream"),
        SEAL("seal");

        private final String label;

        Phase(String label) {
            this.label = label;
        }
    }
}
