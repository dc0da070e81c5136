package services.chorus.seqthink.thinking;

/** An argument that the tool cannot use. Names it and what it must be, never what it was. */
final class WrongArgumentException extends RuntimeException {

    WrongArgumentException(String name, String wanted) {
        super("The argument " + name + " must be " + wanted);
    }
}
