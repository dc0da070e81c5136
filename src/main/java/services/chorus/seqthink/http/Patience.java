package services.chorus.seqthink.http;

import java.time.Duration;

/**
 * How patient a stream is with its reader.
 *
 * @param keepAlive how often something is sent at least
 * @param slow how long the socket may take nothing
 * @param linger how long the last event may take to be sent
 */
record Patience(Duration keepAlive, Duration slow, Duration linger) {

    static final Patience USUAL =
            new Patience(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(5));
}
