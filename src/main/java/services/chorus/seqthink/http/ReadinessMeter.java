package services.chorus.seqthink.http;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.ObserverMethod;
import jakarta.inject.Singleton;
import java.time.Duration;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/** Exports the state of {@code /ready} as a meter, independently of requests to that route. */
@Singleton
final class ReadinessMeter {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int LATE = ObserverMethod.DEFAULT_PRIORITY + 1;

    private final SmallRyeHealthReporter health;
    private final Vertx vertx;
    private volatile boolean ready;
    private long timer;

    ReadinessMeter(SmallRyeHealthReporter health, Vertx vertx) {
        this.health = health;
        this.vertx = vertx;
    }

    /**
     * Runs after the parts of the gateway were created: creating them may block, which an event
     * loop must not.
     */
    void start(@Observes @Priority(LATE) StartupEvent event, Meters meters) {
        meters.watch(Reading.READY, () -> ready ? 1 : 0);
        timer = vertx.setPeriodic(1, INTERVAL.toMillis(), tick -> check());
    }

    @PreDestroy
    void end() {
        vertx.cancelTimer(timer);
    }

    private void check() {
        health.getReadinessAsync()
                .map(SmallRyeHealth::isDown)
                .ifNoItem()
                .after(INTERVAL)
                .recoverWithItem(true)
                .onFailure()
                .recoverWithItem(true)
                .subscribe()
                .with(down -> ready = !down);
    }
}
