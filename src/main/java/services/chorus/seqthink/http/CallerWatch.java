package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;

/**
 * Interrupts the thread that works on a request when its caller goes away, so that the work in
 * progress ends with it. Closing it ends the watch: no interrupt comes later.
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
            watch.interrupt(); // a handler that is added after the end is never called
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
        Thread.interrupted(); // what came too late is no concern of whoever writes the answer
    }
}
