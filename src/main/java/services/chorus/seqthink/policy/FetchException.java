package services.chorus.seqthink.policy;

/**
 * What an issuer publishes, or says of a token, could not be fetched or cannot be used. Carries
 * nothing of what the issuer sent.
 */
public final class FetchException extends Exception {

    /** Why not. */
    public enum Problem {
        TIMED_OUT("the answer did not arrive in time"),
        UNREACHABLE("the endpoint cannot be reached, broke off, or sent more than is read"),
        WRONG_STATUS("the endpoint did not answer with status 200"),
        NO_KEY_SET("the answer is no JSON Web Key Set"),
        NO_USABLE_KEY("the key set has no usable key"),
        NO_LIST("the answer is no list of revoked tokens of this issuer"),
        NOT_SIGNED("no key of the issuer's signed the answer, or its keys cannot be had"),
        NOT_CURRENT("the list was not issued within the last minutes, or a clock is wrong"),
        OLDER("the list is older than the one in use"),
        NOT_UNDERSTOOD("the answer is not of the form that was asked for"),
        NO_SECRET("the file of the client's secret cannot be read"),
        BUSY("too many questions are waiting for an answer");

        private final String words;

        Problem(String words) {
            this.words = words;
        }

        /** The problem in words that go into a sentence. */
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
