package services.chorus.seqthink.policy;

/**
 * An issuer whose tokens are accepted.
 *
 * @param name its {@code iss}, compared exactly
 * @param audience what the {@code aud} of its tokens must contain
 * @param keys its keys
 */
public record TrustedIssuer(String name, String audience, KeySet keys) {}
