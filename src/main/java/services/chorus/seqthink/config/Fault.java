package services.chorus.seqthink.config;

import static java.util.Objects.requireNonNull;

/**
 * One reason why the service does not start.
 *
 * @param variable the name an operator sets, such as {@code AGE_IDENT_PATH}
 * @param problem what is wrong with it, without its value where that could be secret
 * @param fix what to set, as an imperative sentence
 */
public record Fault(String variable, String problem, String fix) {

    public Fault {
        requireNonNull(variable, "variable is null");
        requireNonNull(problem, "problem is null");
        requireNonNull(fix, "fix is null");
    }

    /** The fault as the one line that {@code serve} and {@code doctor} print. */
    public String line() {
        return variable + " " + problem + ": " + fix;
    }
}
