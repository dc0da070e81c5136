package services.chorus.seqthink.policy;

import java.util.Optional;
import org.jboss.logging.Logger;
import services.chorus.seqthink.policy.FetchException.Problem;

/** Whether an issuer's endpoint works; logs each change once. Safe for use by several threads. */
public final class FetchStatus {

    private final Logger log;
    private final String what;
    private final Runnable onFailure;
    private volatile Optional<Problem> problem = Optional.empty();

    /**
     * @param what what is fetched, at the start of a sentence
     * @param onFailure called for each failure
     */
    public FetchStatus(Logger log, String what, Runnable onFailure) {
        this.log = log;
        this.what = what;
        this.onFailure = onFailure;
    }

    /** Why the last attempt failed; empty when it did not. */
    public Optional<Problem> problem() {
        return problem;
    }

    /** Records a good answer. */
    public void succeeded() {
        if (problem.isPresent()) {
            change(Optional.empty());
        }
    }

    /** Records a failure. */
    public void failed(Problem why) {
        onFailure.run();
        change(Optional.of(why));
    }

    private synchronized void change(Optional<Problem> now) {
        if (now.equals(problem)) {
            return;
        }
        problem = now;
        now.ifPresentOrElse(
                why -> log.warnf("%s cannot be fetched: %s", what, why.words()),
                () -> log.infof("%s can be fetched again", what));
    }
}
