package services.chorus.seqthink.thinking;

/** An argument that the tool cannot use. Names it and what it must be, never what it was. */
final class WrongArgumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongArgumentException(String name, String wanted) {
        super("The argument " + name + " must be " + wanted);
    }
}
