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
 * The keys in the order in which they sign. What each is for follows from the time alone: the last
 * whose time has come signs, those after it wait, those before it only verify.
 */
record KeySchedule(List<SigningKey> keys) {

    static final KeySchedule EMPTY = new KeySchedule(List.of());

    private static final Duration LONGEST_LEAD = KeyPlan.lead(KeyPlan.LONGEST_JWKS_LIFE);
    private static final Duration BETWEEN_TWO = Duration.ofSeconds(1);

    KeySchedule {
        keys =
                keys.stream()
                        .sorted(comparing(SigningKey::signsFrom).thenComparing(SigningKey::kid))
                        .toList();
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The key that signs; the first when the clock went back behind all of them. */
    SigningKey signing(Instant now) {
        return keys.reversed().stream()
                .filter(key -> !key.signsFrom().isAfter(now))
                .findFirst()
                .orElseGet(keys::getFirst);
    }

    /** The key that signs next, when there is one already. */
    Optional<SigningKey> waiting(Instant now) {
        return successor(signing(now));
    }

    /** All but those whose successor has signed for longer than their grace. */
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

    /** When the next key signs, whether it is there already or not; past when that is late. */
    Instant nextRotation(Instant now, KeyPlan plan) {
        return waiting(now)
                .map(SigningKey::signsFrom)
                .orElseGet(() -> signing(now).signsFrom().plus(plan.rotation()));
    }

    /** Whether {@link #maintained} would change anything; makes no key. */
    boolean needsMaintenance(Instant now, KeyPlan plan) {
        return isEmpty() || isDue(now, plan) || !published(now, plan).equals(keys);
    }

    /**
     * Without keys that are needed no more, with the next one when it is due, and with the longest
     * times of each: tokens and copies of the JWKS outlive the settings under which they were made.
     */
    KeySchedule maintained(Instant now, KeyPlan plan) {
        if (isEmpty()) {
            return replaced(plan.algorithm(), now, plan);
        }
        KeySchedule needed = new KeySchedule(published(now, plan));
        return needed.isDue(now, plan) ? needed.followed(plan.algorithm(), now, plan) : needed;
    }

    /**
     * With the next key, of the kind of the last.
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

    /** A new key in the place of all. */
    static KeySchedule replaced(KeyAlgorithm algorithm, Instant now, KeyPlan plan) {
        return new KeySchedule(List.of(SigningKey.generate(algorithm, now, now, plan)));
    }

    private boolean isDue(Instant now, KeyPlan plan) {
        if (waiting(now).isPresent()) {
            return false;
        }
        Instant due = keys.getLast().signsFrom().plus(plan.rotation()).minus(lead(plan));
        return hasNone(plan.algorithm()) || !now.isBefore(due);
    }

    /**
     * Only then is a change of algorithm due: two processes that were told different ones would
     * else add keys in turn.
     */
    private boolean hasNone(KeyAlgorithm algorithm) {
        return keys.stream().noneMatch(key -> key.algorithm() == algorithm);
    }

    private KeySchedule followed(KeyAlgorithm algorithm, Instant now, KeyPlan plan) {
        Instant known = now.plus(lead(plan));
        Instant afterTheLast = keys.getLast().signsFrom().plus(BETWEEN_TWO);
        Instant signsFrom = known.isBefore(afterTheLast) ? afterTheLast : known;
        return new KeySchedule(
                Stream.concat(
                                keys.stream(),
                                Stream.of(SigningKey.generate(algorithm, now, signsFrom, plan)))
                        .toList());
    }

    /**
     * With times that were set by a clock far ahead brought back to this one's. Only an operator
     * can know that this one is right.
     */
    private KeySchedule corrected(Instant now, KeyPlan plan) {
        Duration ahead = Duration.between(now, keys.getFirst().signsFrom());
        return new KeySchedule(
                keys.stream()
                        .map(
                                key ->
                                        ahead.isPositive()
                                                ? key.signingFrom(key.signsFrom().minus(ahead))
                                                : key)
                        .map(
                                key ->
                                        key.signsFrom().isAfter(now.plus(LONGEST_LEAD))
                                                ? key.signingFrom(now.plus(lead(plan)))
                                                : key)
                        .toList());
    }

    /** The longest of all keys, for whoever keeps a JWKS of then. */
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
