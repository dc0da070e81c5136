package services.chorus.seqthink.policy.denied;

/** A deny list that cannot be had, or is not to be believed; carries nothing of it. */
final class ListException extends Exception {

    enum Problem {
        TIMED_OUT("it did not arrive in time"),
        UNREACHABLE("the endpoint cannot be reached, broke off, or sent more than 4 MiB"),
        WRONG_STATUS("the endpoint did not answer with status 200"),
        NOT_SIGNED("its signature is none of the issuer's, or the issuer's keys cannot be had"),
        MALFORMED("it is no list of revoked tokens of this issuer"),
        NOT_OF_NOW("it was not issued within the last minutes, or a clock is wrong"),
        OLDER("it is older than the one in use");

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

    ListException(Problem problem) {
        super(problem.words(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
