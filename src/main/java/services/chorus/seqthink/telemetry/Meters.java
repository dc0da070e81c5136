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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private final Map<Level, DoubleSupplier> levels = new ConcurrentHashMap<>();
    private final Map<Tally, DoubleSupplier> tallies = new ConcurrentHashMap<>();
    private final List<Meter> watching = new ArrayList<>();
    private final MultiGauge idleKeys;
    private final MeterRegistry registry;

    /** Registers all of them. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
        for (Count count : Count.values()) {
            counters.put(
                    count,
                    Counter.builder(count.meter).description(count.description).register(registry));
        }
        for (Level level : Level.values()) {
            watching.add(
                    Gauge.builder(level.meter, () -> now(level))
                            .description(level.description)
                            .register(registry));
        }
        for (Tally tally : Tally.values()) {
            watching.add(
                    FunctionCounter.builder(tally.meter, tally, this::sum)
                            .description(tally.description)
                            .register(registry));
        }
        idleKeys =
                MultiGauge.builder("seqthink.keyring.key.idle")
                        .description("Time since a key last opened a request, or was read")
                        .baseUnit("seconds")
                        .register(registry);
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

    /** Micrometer's registry outlives this object, and would go on asking what it watched. */
    @PreDestroy
    void end() {
        watching.forEach(registry::remove);
        idleKeys.register(List.of());
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

    /** Does a phase's work, and notes how long it took, whether it succeeded or threw. */
    public <T> T timed(Phase phase, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            phaseTook(phase, Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /** Has a level read at each scrape from now on; zero before. */
    public void watch(Level level, DoubleSupplier now) {
        levels.put(level, now);
    }

    /** Has what a room counts by itself read at each scrape from now on; zero before. */
    public void watch(Tally tally, DoubleSupplier sum) {
        tallies.put(tally, sum);
    }

    /** Has the idle times of these keys read at each scrape, and of no others. */
    public void watch(List<Key> keys) {
        idleKeys.register(
                keys.stream()
                        .map(
                                key ->
                                        MultiGauge.Row.of(
                                                Tags.of(
                                                        "key",
                                                        key.fingerprint,
                                                        "state",
                                                        key.current ? "current" : "other"),
                                                key.idleSeconds::getAsDouble))
                        .toList());
    }

    private double now(Level level) {
        return levels.getOrDefault(level, () -> 0).getAsDouble();
    }

    private double sum(Tally tally) {
        return tallies.getOrDefault(tally, () -> 0).getAsDouble();
    }

    /**
     * A key that opens requests.
     *
     * @param fingerprint names it and says nothing of it
     * @param current whether it is the one that callers seal to
     * @param idleSeconds since when it opened nothing
     */
    public record Key(String fingerprint, boolean current, DoubleSupplier idleSeconds) {}

    /** What is as high as it is at the moment. */
    public enum Level {
        KEYRING_KEYS("seqthink.keyring.keys", "Identities that open requests"),
        KEYRING_BROKEN(
                "seqthink.keyring.broken",
                "1 while a file of keys cannot be used and the keys of before stay in force"),
        CERTIFICATE_END(
                "seqthink.certificate.end",
                "When the certificate that is presented ends, in seconds since 1970; 0 without one"),
        CERTIFICATE_BROKEN(
                "seqthink.certificate.broken",
                "1 while the certificate's files cannot be used and the one of before stays in force"),
        RECIPIENTS_VERSION("seqthink.recipients.version", "Version of the recipients in force"),
        JWKS_AGE(
                "seqthink.jwks.age.seconds",
                "Time since an issuer's keys were last fetched, of the issuer with the oldest"),
        DENY_LIST_AGE(
                "seqthink.deny.list.age.seconds",
                "Time since an issuer said which tokens it took back, of the one with the oldest"
                        + " list"),
        STREAMS_OPEN("seqthink.streams.open", "Streams of thoughts that are open"),
        AUDIT_SEQUENCE(
                "seqthink.audit.sequence",
                "Number of the last audit record in the file, or else on standard output"),
        AUDIT_FAILING("seqthink.audit.failing", "1 while audit records cannot be written");

        private final String meter;
        private final String description;

        Level(String meter, String description) {
            this.meter = meter;
            this.description = description;
        }
    }

    /** What the room where it happens counts. */
    public enum Tally {
        JWKS_FETCHES("seqthink.jwks.fetches", "Times that an issuer was asked for its keys"),
        JWKS_FAILURES("seqthink.jwks.failures", "Times that it did not give them"),
        SIGNATURE_CHECKS(
                "seqthink.signature.checks",
                "Signatures of tokens that were checked, since none was remembered");

        private final String meter;
        private final String description;

        Tally(String meter, String description) {
            this.meter = meter;
            this.description = description;
        }
    }

    /** What is counted. */
    public enum Count {
        REQUESTS("seqthink.requests", "Requests to an /mcp route"),
        ERRORS("seqthink.errors", "Requests to an /mcp route that ended in a status of 400 or up"),
        DECRYPT_FAILURES("seqthink.decrypt.failures", "Request bodies that did not open"),
        ENCRYPT_FAILURES("seqthink.encrypt.failures", "Replies that could not be sealed"),
        POLICY_DENIALS("seqthink.policy.denials", "Requests refused for their token or its scopes"),
        RATE_LIMITED(
                "seqthink.rate.limited", "Requests refused because their caller had made too many"),
        UNSHARED_RATES(
                "seqthink.unshared.rates",
                "Requests counted by this replica alone, since the store did not answer"),
        FAILURES_LIMITED(
                "seqthink.failures.limited",
                "Requests without a good token answered 429, their address having sent too many"),
        TURNED_AWAY(
                "seqthink.turned.away",
                "Requests refused for the host they asked for or the page they came from"),
        RULE_DENIALS("seqthink.rule.denials", "Calls that the rules of tools refused"),
        DENY_LIST_FAILURES(
                "seqthink.deny.list.failures",
                "Times that an issuer did not say which tokens it took back"),
        INTROSPECTION_FAILURES(
                "seqthink.introspection.failures",
                "Times that nobody said what an opaque token is worth"),
        REPLAYS("seqthink.replays", "Requests refused because their id was taken before"),
        REPLAY_QUOTA_FULL(
                "seqthink.replay.quota.full",
                "Requests refused because as many were remembered as may be, of their caller or of all"),
        HISTORY_QUOTA_FULL(
                "seqthink.history.quota.full",
                "Requests refused because their caller had as many histories as it may"),
        STATE_FAILURES(
                "seqthink.state.failures", "Times that what replicas share could not be had"),
        DOOR_KEY_FAILURES(
                "seqthink.door.key.failures", "Looks that found a door key that cannot be used"),
        RECIPIENT_CONFLICTS(
                "seqthink.recipient.conflicts",
                "Looks that found another replica's recipients under a version of this one"),
        BARE_REQUESTS("seqthink.bare.requests", "Requests taken without an envelope"),
        STREAMS_CUT("seqthink.streams.cut", "Streams ended because their reader was too slow"),
        UNSTREAMED_THOUGHTS(
                "seqthink.unstreamed.thoughts", "Completed thoughts that no stream will have"),
        AUDIT_RECORDS(
                "seqthink.audit.records",
                "Audit records of requests written, to file and standard output alike"),
        AUDIT_FAILURES("seqthink.audit.failures", "Attempts to write audit records that failed"),
        AUDIT_LOST("seqthink.audit.lost", "Audit records of requests that are written nowhere");

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
