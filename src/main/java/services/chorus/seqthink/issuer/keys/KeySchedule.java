package services.chorus.seqthink.issuer.keys;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.issuer.keys.SigningKeys.KeyWaitingException;

/**
 * The keys in the order in which they sign. Their roles follow from the time alone: the last key
 * whose {@code signsFrom} has passed signs, those after it wait, those before it only verify.
 */
record KeySchedule(List<SigningKey> keys) {

    static final KeySchedule EMPTY = new KeySchedule(List.of());

    private static final Duration LONGEST_LEAD = KeyPlan.lead(KeyPlan.LONGEST_JWKS_LIFE);
    private static final Duration LEAST_DISTANCE = Duration.ofSeconds(1);

    KeySchedule {
        keys =
                keys.stream()
                        .sorted(comparing(SigningKey::signsFrom).thenComparing(SigningKey::kid))
                        .toList();
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The key that signs; the first one when the clock was set back to before all of them. */
    SigningKey signing(Instant now) {
        return keys.reversed().stream()
                .filter(key -> !key.signsFrom().isAfter(now))
                .findFirst()
                .orElseGet(keys::getFirst);
    }

    /** The published key that signs next. */
    Optional<SigningKey> waiting(Instant now) {
        return successor(signing(now));
    }

    /** All keys but those whose successor has signed for longer than their grace. */
    List<SigningKey> published(Instant now, KeyPlan plan) {
        return keys.stream()
                .map(key -> key.under(plan))
                .filter(
                        key ->
                                successor(key)
                                        .map(next -> next.signsFrom().plus(key.grace()))
                                        .filter(end -> end.isBefore(now))
                                        .isEmpty())
                .toList();
    }

    /** When the next key is to sign, published or not; in the past when that is late. */
    Instant nextRotation(Instant now, KeyPlan plan) {
        return waiting(now)
                .map(SigningKey::signsFrom)
                .orElseGet(() -> signing(now).signsFrom().plus(plan.rotation()));
    }

    /** Whether {@link #maintained} would change anything. */
    boolean needsMaintenance(Instant now, KeyPlan plan) {
        return isEmpty() || isDue(now, plan) || !published(now, plan).equals(keys);
    }

    /**
     * The schedule without obsolete keys, and with the next one when it is due. Each key keeps its
     * longest lead and grace, because tokens and cached copies of the JWKS outlive the settings
     * under which they were made.
     */
    KeySchedule maintained(Instant now, KeyPlan plan) {
        if (isEmpty()) {
            return replaced(plan.algorithm(), now, plan);
        }
        KeySchedule needed = new KeySchedule(published(now, plan));
        return needed.isDue(now, plan) ? needed.followed(plan.algorithm(), now, plan) : needed;
    }

    /**
     * The schedule with a next key, of the last one's algorithm.
     *
     * @throws KeyWaitingException when there is one already
     */
    KeySchedule rotated(Instant now, KeyPlan plan) {
        KeySchedule corrected = corrected(now, plan);
        Optional<SigningKey> waiting = corrected.waiting(now);
        if (waiting.isEmpty()) {
            return corrected.followed(keys.getLast().algorithm(), now, plan);
        }
        if (corrected.equals(this)) {
            throw new KeyWaitingException(waiting.get());
        }
        return corrected;
    }

    /** A schedule of one new key. */
    static KeySchedule replaced(KeyAlgorithm algorithm, Instant now, KeyPlan plan) {
        return new KeySchedule(List.of(SigningKey.generate(algorithm, now, now, plan)));
    }

    private boolean isDue(Instant now, KeyPlan plan) {
        if (waiting(now).isPresent()) {
            return false;
        }
        // a change of algorithm is due only while no key has the new one: two processes with
        // different settings would otherwise add keys in turn
        Instant due = keys.getLast().signsFrom().plus(plan.rotation()).minus(lead(plan));
        return keys.stream().noneMatch(key -> key.algorithm() == plan.algorithm())
                || !now.isBefore(due);
    }

    private KeySchedule followed(KeyAlgorithm algorithm, Instant now, KeyPlan plan) {
        Instant known = now.plus(lead(plan));
        Instant afterTheLast = keys.getLast().signsFrom().plus(LEAST_DISTANCE);
        Instant signsFrom = known.isBefore(afterTheLast) ? afterTheLast : known;
        SigningKey next = SigningKey.generate(algorithm, now, signsFrom, plan);
        return new KeySchedule(Stream.concat(keys.stream(), Stream.of(next)).toList());
    }

    /**
     * Moves times that a clock far ahead has set back to this clock's. Only an operator can tell
     * which clock is right.
     */
    private KeySchedule corrected(Instant now, KeyPlan plan) {
        Duration ahead = Duration.between(now, keys.getFirst().signsFrom());
        Duration back = ahead.isPositive() ? ahead : Duration.ZERO;
        return new KeySchedule(
                keys.stream()
                        .map(key -> key.signingFrom(key.signsFrom().minus(back)))
                        .map(
                                key ->
                                        key.signsFrom().isAfter(now.plus(LONGEST_LEAD))
                                                ? key.signingFrom(now.plus(lead(plan)))
                                                : key)
                        .toList());
    }

    /** The longest lead of any key: a JWKS cached under earlier settings may still be in use. */
    private Duration lead(KeyPlan plan) {
        return keys.stream()
                .map(key -> key.under(plan).lead())
                .max(naturalOrder())
                .orElseGet(plan::lead);
    }

    private Optional<SigningKey> successor(SigningKey key) {
        return keys.stream()
                .filter(other -> other.signsFrom().isAfter(key.signsFrom()))
                .findFirst();
    }
}
