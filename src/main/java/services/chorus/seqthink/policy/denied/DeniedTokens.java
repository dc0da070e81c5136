package services.chorus.seqthink.policy.denied;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;

/** Rejects tokens that their issuer revoked; checks at every call. */
public final class DeniedTokens implements TokenJudge, AutoCloseable {

    private final TokenJudge judge;
    private final Map<String, DenyList> lists;

    /**
     * @param judge does every other check
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

    /** The age of the oldest list. */
    public Duration age() {
        return lists.values().stream()
                .map(DenyList::age)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Waits for the first fetch of each list.
     *
     * @return whether all lists are available
     */
    public boolean awaitLists() throws InterruptedException {
        boolean all = true;
        for (DenyList list : lists.values()) {
            all &= list.awaitFirst();
        }
        return all;
    }

    @Override
    public void close() {
        lists.values().forEach(DenyList::close);
    }

    private boolean denies(AccessToken token) {
        return Optional.ofNullable(lists.get(token.caller().issuer()))
                .flatMap(list -> token.tokenId().map(list::denies))
                .orElse(false);
    }

    /** The revoked tokens of one issuer. Safe for use by several threads. */
    @FunctionalInterface
    public interface DenyList extends AutoCloseable {

        /** Whether the token with this {@code jti} is revoked. */
        boolean denies(String tokenId);

        /** The age of the list; zero if the issuer is asked each time. */
        default Duration age() {
            return Duration.ZERO;
        }

        /**
         * Waits for the first fetch. For commands only: the gateway does not wait for issuers.
         *
         * @return whether the list is available
         */
        default boolean awaitFirst() throws InterruptedException {
            return true;
        }

        /** Stops fetching. */
        @Override
        default void close() {}
    }
}
