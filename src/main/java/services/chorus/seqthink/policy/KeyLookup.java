package services.chorus.seqthink.policy;

/** What became of the search for the key of a token. */
sealed interface KeyLookup {

    /** This key, and it permits the token's algorithm. */
    record Found(VerificationKey key) implements KeyLookup {}

    /** The key is known and does not permit the token's algorithm. */
    record WrongAlgorithm() implements KeyLookup {}

    /** The issuer has no such key. */
    record Unknown() implements KeyLookup {}

    /** The issuer could not be asked. */
    record Unavailable() implements KeyLookup {}
}
