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

/** Exports the state of {@code /ready} as a meter, even if nothing requests that route. */
@Singleton
final class ReadinessMeter {

    private static final Duration PACE = Duration.ofSeconds(10);
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
     * After the gateway's parts were created, which may block and so must not happen on an event
     * loop.
     */
    void start(@Observes @Priority(LATE) StartupEvent event, Meters meters) {
        meters.watch(Reading.READY, () -> ready ? 1 : 0);
        timer = vertx.setPeriodic(1, PACE.toMillis(), tick -> look());
    }

    @PreDestroy
    void end() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        health.getReadinessAsync()
                .map(SmallRyeHealth::isDown)
                .ifNoItem()
                .after(PACE)
                .recoverWithItem(true)
                .onFailure()
                .recoverWithItem(true)
                .subscribe()
                .with(down -> ready = !down);
    }
}
