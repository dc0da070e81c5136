package services.chorus.seqthink.policy;

/**
 * A document or answer of an issuer could not be fetched or is unusable. Contains nothing of what
 * the issuer sent.
 */
public final class FetchException extends Exception {

    public enum Problem {
        TIMED_OUT("the response did not arrive in time"),
        UNREACHABLE("the endpoint is unreachable, closed the connection early, or sent too much"),
        WRONG_STATUS("the endpoint did not answer with status 200"),
        NO_KEY_SET("the response is not a JSON Web Key Set"),
        NO_USABLE_KEY("the key set contains no usable key"),
        NO_LIST("the response is not a list of revoked tokens of this issuer"),
        NOT_SIGNED(
                "the response is not signed by a key of this issuer, or its keys are unavailable"),
        NOT_CURRENT("the list is too old or from the future, or a clock is wrong"),
        OLDER("the list is older than the one in use"),
        NOT_UNDERSTOOD("the response is malformed"),
        NO_SECRET("the file with the client secret is unreadable"),
        BUSY("too many requests to the endpoint are in progress");

        private final String words;

        Problem(String words) {
            this.words = words;
        }

        /** A clause without a final period. */
        public String words() {
            return words;
        }
    }

    private final Problem problem;

    public FetchException(Problem problem) {
        super(problem.words(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
