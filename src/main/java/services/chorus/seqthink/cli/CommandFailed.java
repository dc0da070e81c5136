package services.chorus.seqthink.cli;

/** A command that could not do its work; the message is for the person at the terminal. */
final class CommandFailed extends Exception {

    CommandFailed(String message) {
        super(message);
    }
}
