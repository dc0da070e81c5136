package services.chorus.seqthink.policy;

/** The result of a search for the key of a token. */
sealed interface KeyLookup {

    /** The key permits the token's algorithm. */
    record Found(VerificationKey key) implements KeyLookup {}

    /** The issuer has the key, but the key does not permit the token's algorithm. */
    record WrongAlgorithm() implements KeyLookup {}

    /** The issuer has no such key. */
    record Unknown() implements KeyLookup {}

    /** The issuer's keys could not be fetched. */
    record Unavailable() implements KeyLookup {}
}
