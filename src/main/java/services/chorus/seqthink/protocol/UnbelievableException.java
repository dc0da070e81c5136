package services.chorus.seqthink.protocol;

/** A document that must not be believed; the message ends a sentence about it. */
final class UnbelievableException extends Exception {

    UnbelievableException(String why) {
        super(why);
    }
}
