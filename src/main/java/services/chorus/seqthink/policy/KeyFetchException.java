package services.chorus.seqthink.policy;

/** The keys of an issuer could not be read. Carries nothing of what the issuer sent. */
public final class KeyFetchException extends Exception {

    /** What was in the way. */
    public enum Problem {
        TIMED_OUT("the key set did not arrive in time"),
        UNREACHABLE("the endpoint cannot be reached, broke off, or sent more than 256 KiB"),
        WRONG_STATUS("the endpoint did not answer with status 200"),
        NO_KEY_SET("the answer is no JSON Web Key Set"),
        NO_USABLE_KEY("the key set has no usable key");

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

    public KeyFetchException(Problem problem) {
        super(problem.words());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
