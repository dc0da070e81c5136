package services.chorus.seqthink.telemetry;

import java.util.function.DoubleSupplier;

/**
 * A key that opens requests.
 *
 * @param fingerprint names it and says nothing of it
 * @param current whether it is the one that callers seal to
 * @param idleSeconds since when it opened nothing
 */
public record Key(String fingerprint, boolean current, DoubleSupplier idleSeconds) {}
