package services.chorus.seqthink.http.connection;

import io.quarkus.logging.Log;
import java.time.Duration;

/** Why a connection is closed. */
enum Closing {
    TOO_MANY("more were opened than are allowed"),
    SLOW_HEAD("the head of a request was not complete in time"),
    IDLE("no request was sent in time"),
    UNREAD("answers were not read in time, or too much was unread"),
    TOO_MANY_STREAMS("more HTTP/2 streams were open than are allowed"),
    TOO_MANY_QUEUED("more requests were sent without waiting for answers than are allowed");

    private final String words;

    Closing(String words) {
        this.words = words;
    }

    /** Logs at most one line a minute: an attack must not flood the log. For one thread. */
    static final class Lines {

        private static final Duration BETWEEN = Duration.ofMinutes(1);

        private long last;
        private int unlogged;

        Lines(long now) {
            this.last = now - BETWEEN.toNanos();
        }

        void add(Closing why, int open, long now) {
            unlogged++;
            if (now - last >= BETWEEN.toNanos()) {
                Log.warnf(
                        "Connections closed since the last such line: %d, the last one because"
                                + " %s; open: %d",
                        unlogged, why.words, open);
                last = now;
                unlogged = 0;
            }
        }
    }
}
