package services.chorus.seqthink.policy.opaque;

/** What a token is worth could not be learnt; carries nothing of an answer. */
final class UnansweredException extends Exception {

    enum Problem {
        TIMED_OUT("the answer did not arrive in time"),
        UNREACHABLE("the endpoint cannot be reached, broke off, or sent more than 64 KiB"),
        WRONG_STATUS("the endpoint did not answer with status 200"),
        NOT_UNDERSTOOD("the answer is not of the form that was asked for"),
        NO_SECRET("the file of the client's secret cannot be read"),
        BUSY("too many were asked about at once");

        private final String words;

        Problem(String words) {
            this.words = words;
        }

        /** The problem in words that go into a sentence. */
        String words() {
            return words;
        }
    }

    private final Problem problem;

    UnansweredException(Problem problem) {
        super(problem.words(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
