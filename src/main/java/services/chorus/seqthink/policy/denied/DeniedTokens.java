package services.chorus.seqthink.policy.denied;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;

/** Refuses what an issuer took back, however good it is otherwise; looks at every call. */
public final class DeniedTokens implements TokenJudge, AutoCloseable {

    private final TokenJudge judge;
    private final Map<String, DenyList> lists;

    /**
     * @param judge says what is good otherwise
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

    /** How long ago an issuer said what it took back, of the one that said so longest ago. */
    public Duration age() {
        return lists.values().stream()
                .map(DenyList::age)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Waits until every issuer was asked once what it took back.
     *
     * @return whether all of them said so
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
}
