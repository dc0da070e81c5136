package services.chorus.seqthink.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The service's meters. All exist from the start, at zero, so that no alert misses a series. Safe
 * for use by several threads.
 */
@Singleton
public final class Meters {

    private static final Duration[] BUCKETS =
            LongStream.of(
                            1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
                            60_000, 120_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final Map<Count, Counter> counters = new EnumMap<>(Count.class);
    private final Map<Denial, Counter> denials = new EnumMap<>(Denial.class);
    private final Timer requestDuration;
    private final Map<Phase, Timer> phases = new EnumMap<>(Phase.class);
    private final Map<Reading, DoubleSupplier> readings = new ConcurrentHashMap<>();
    private final List<Meter> watching = new ArrayList<>();
    private final MultiGauge idleKeys;
    private final MeterRegistry registry;

    /**
     * A key that opens requests.
     *
     * @param fingerprint identifies the key without revealing anything about it
     * @param current whether callers seal to it
     * @param idleSeconds the time since it last opened a request
     */
    public record Key(String fingerprint, boolean current, DoubleSupplier idleSeconds) {}

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        for (Count count : Count.values()) {
            counters.put(
                    count,
                    Counter.builder(count.meter).description(count.description).register(registry));
        }
        for (Denial denial : Denial.values()) {
            denials.put(
                    denial,
                    Counter.builder("seqthink.issuer.tokens.denied")
                            .description("Requests for a token that the built-in issuer rejected")
                            .tag("error", denial.code())
                            .register(registry));
        }
        for (Reading reading : Reading.values()) {
            watching.add(register(reading));
        }
        idleKeys =
                MultiGauge.builder("seqthink.keyring.key.idle")
                        .description(
                                "Time since a key last opened a request, or since it was loaded")
                        .baseUnit("seconds")
                        .register(registry);
        requestDuration =
                Timer.builder("seqthink.request.duration")
                        .description("Time from the first byte of a request to its response")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        for (Phase phase : Phase.values()) {
            phases.put(
                    phase,
                    Timer.builder("seqthink.phase.duration")
                            .description("Time spent in one phase of a request")
                            .tag("phase", phase.label())
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    /** Micrometer's registry outlives this object and would keep reading these values. */
    @PreDestroy
    void end() {
        watching.forEach(registry::remove);
        idleKeys.register(List.of());
    }

    /** Publishes the version of this service. */
    public void publishVersion(String version) {
        watching.add(
                Gauge.builder("seqthink.build.info", () -> 1)
                        .description("1; the label is the version of this service")
                        .tag("version", version)
                        .register(registry));
    }

    /** Adds one. */
    public void count(Count count) {
        counters.get(count).increment();
    }

    /** Counts a rejected request for a token. */
    public void count(Denial denial) {
        denials.get(denial).increment();
    }

    /** Records the duration of a request to an {@code /mcp} route. */
    public void requestTook(Duration duration) {
        requestDuration.record(duration);
    }

    /** Records the duration of a phase. */
    public void phaseTook(Phase phase, Duration duration) {
        phases.get(phase).record(duration);
    }

    /** Runs a phase's work and records its duration, whether it returns or throws. */
    public <T> T timed(Phase phase, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            phaseTook(phase, Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /** Reads a value at each scrape from now on; until then it is zero. */
    public void watch(Reading reading, DoubleSupplier now) {
        readings.put(reading, now);
    }

    /** Reads the idle times of exactly these keys at each scrape. */
    public void watch(List<Key> keys) {
        idleKeys.register(
                keys.stream()
                        .map(
                                key ->
                                        MultiGauge.Row.of(
                                                Tags.of(
                                                        "key",
                                                        key.fingerprint(),
                                                        "state",
                                                        key.current() ? "current" : "other"),
                                                key.idleSeconds()::getAsDouble))
                        .toList());
    }

    private Meter register(Reading reading) {
        return reading.total
                ? FunctionCounter.builder(reading.meter, reading, this::now)
                        .description(reading.description)
                        .register(registry)
                : Gauge.builder(reading.meter, () -> now(reading))
                        .description(reading.description)
                        .register(registry);
    }

    private double now(Reading reading) {
        return readings.getOrDefault(reading, () -> 0).getAsDouble();
    }
}
