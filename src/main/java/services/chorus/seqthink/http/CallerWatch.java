package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;

/**
 * Interrupts the thread that processes a request when its caller disconnects, until {@link #close}.
 */
final class CallerWatch implements AutoCloseable {

    private final Thread worker = Thread.currentThread();
    private boolean over;

    private CallerWatch() {}

    static CallerWatch of(RoutingContext routing) {
        CallerWatch watch = new CallerWatch();
        routing.addEndHandler(
                over -> {
                    if (!routing.response().ended()) {
                        watch.interrupt();
                    }
                });
        if (routing.response().closed()) {
            watch.interrupt(); // an end handler added now would never be called
        }
        return watch;
    }

    private synchronized void interrupt() {
        if (!over) {
            worker.interrupt();
        }
    }

    @Override
    public synchronized void close() {
        over = true;
        Thread.interrupted(); // a late interrupt must not affect the writing of the answer
    }
}
