package services.chorus.seqthink.issuer.clients;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The Argon2id hash (RFC 9106) of a client's secret, in the PHC string format. There is one set of
 * parameters only, so that all checks take equally long.
 */
@RegisterForReflection
final class SecretHash implements Client.Credential {

    // OWASP Password Storage Cheat Sheet: Argon2id with m=19456 (19 MiB), t=2, p=1
    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private static final String PARAMETERS =
            "$argon2id$v=19$m=%d,t=%d,p=%d$".formatted(MEMORY_KIB, ITERATIONS, LANES);
    private static final Pattern PHC =
            Pattern.compile(
                    Pattern.quote(PARAMETERS) + "([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    private final byte[] salt;
    private final byte[] hash;

    private SecretHash(byte[] salt, byte[] hash) {
        this.salt = salt;
        this.hash = hash;
    }

    static SecretHash of(ClientSecret secret) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new SecretHash(salt, argon2id(secret, salt));
    }

    /** The hash of another secret under the same salt. */
    SecretHash ofAnother(ClientSecret secret) {
        return new SecretHash(salt, argon2id(secret, salt));
    }

    /** A hash that matches no secret, to be checked for an unknown client. */
    static SecretHash ofNobody() {
        return new SecretHash(new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    /**
     * @throws IllegalArgumentException when the string is malformed, or has other parameters
     */
    @JsonCreator
    static SecretHash parse(String phc) {
        Matcher parts = PHC.matcher(phc);
        if (!parts.matches()) {
            throw new IllegalArgumentException("A secret hash must begin with " + PARAMETERS);
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new SecretHash(base64.decode(parts.group(1)), base64.decode(parts.group(2)));
    }

    @JsonValue
    String phc() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return PARAMETERS + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /** Compares in constant time. */
    boolean is(SecretHash other) {
        return MessageDigest.isEqual(salt, other.salt) && MessageDigest.isEqual(hash, other.hash);
    }

    @Override
    public String toString() {
        return "SecretHash[hidden]";
    }

    private static byte[] argon2id(ClientSecret secret, byte[] salt) {
        var generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(MEMORY_KIB)
                        .withIterations(ITERATIONS)
                        .withParallelism(LANES)
                        .withSalt(salt)
                        .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(secret.bytes(), hash);
        return hash;
    }
}
