package services.chorus.seqthink.policy.denied;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;

/** Refuses tokens that their issuer revoked; checked at every call. */
public final class DeniedTokens implements TokenJudge, AutoCloseable {

    private final TokenJudge judge;
    private final Map<String, DenyList> lists;

    /**
     * @param judge verifies the tokens in every other respect
     * @param lists the deny lists by {@code iss}
     */
    public DeniedTokens(TokenJudge judge, Map<String, DenyList> lists) {
        this.judge = judge;
        this.lists = Map.copyOf(lists);
    }

    @Override
    public Verdict verify(String token) {
        return switch (judge.verify(token)) {
            case Verdict.Accepted(AccessToken accepted) when denies(accepted) ->
                    new Verdict.Refused(Reason.REVOKED);
            case Verdict verdict -> verdict;
        };
    }

    /** How old the oldest of the lists is. */
    public Duration age() {
        return lists.values().stream()
                .map(DenyList::age)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Waits until every issuer was asked once for its list.
     *
     * @return whether all lists are known
     */
    public boolean awaitLists() throws InterruptedException {
        boolean all = true;
        for (DenyList list : lists.values()) {
            all &= list.awaitFirst();
        }
        return all;
    }

    /** Closes the lists. */
    @Override
    public void close() {
        lists.values().forEach(DenyList::close);
    }

    private boolean denies(AccessToken token) {
        return Optional.ofNullable(lists.get(token.caller().issuer()))
                .flatMap(list -> token.tokenId().map(list::denies))
                .orElse(false);
    }

    /** The tokens that one issuer revoked. Safe for use by several threads. */
    @FunctionalInterface
    public interface DenyList extends AutoCloseable {

        /** Whether the token of this {@code jti} was revoked. */
        boolean denies(String tokenId);

        /** How old the list is; zero where the issuer is asked each time. */
        default Duration age() {
            return Duration.ZERO;
        }

        /**
         * Waits until the issuer was asked once; for tools only, since a door waits for nobody.
         *
         * @return whether the list is known
         */
        default boolean awaitFirst() throws InterruptedException {
            return true;
        }

        /** Stops keeping the list up to date. */
        @Override
        default void close() {}
    }
}
