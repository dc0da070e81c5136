package services.chorus.seqthink.config;

/**
 * One reason why the service does not start.
 *
 * @param variable the name that an operator sets, such as {@code AGE_IDENT_PATH}
 * @param problem the predicate of a sentence, without the value if that could be secret
 * @param fix what to do, in the imperative
 */
public record Fault(String variable, String problem, String fix) {

    /** The same fault with a hint after the fix. */
    public Fault withHint(String hint) {
        return new Fault(variable, problem, fix + "; " + hint);
    }

    /** The fault as the one line that {@code serve} and {@code doctor} print. */
    public String line() {
        return variable + " " + problem + ": " + fix;
    }
}
