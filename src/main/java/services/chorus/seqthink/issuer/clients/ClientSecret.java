package services.chorus.seqthink.issuer.clients;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;

/** A client's secret. {@link #close()} wipes it; do not use it after that. */
public final class ClientSecret implements Clients.NewCredential, AutoCloseable {

    /** The least length of a secret that was not generated here. */
    public static final int LEAST_CHARACTERS = 32;

    private static final int RANDOM_BYTES = 32;

    private final byte[] value;

    private ClientSecret(byte[] value) {
        this.value = value;
    }

    /**
     * Wraps a secret, and owns the array from here on.
     *
     * @param value the secret in UTF-8
     */
    public static ClientSecret of(byte[] value) {
        return new ClientSecret(value);
    }

    /** A new secret of 256 random bits, as 43 characters of base64url. */
    public static ClientSecret random() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        try {
            return new ClientSecret(Base64.getUrlEncoder().withoutPadding().encode(random));
        } finally {
            Arrays.fill(random, (byte) 0);
        }
    }

    /** A copy of the secret in UTF-8; show it once and wipe it. */
    public byte[] reveal() {
        return value.clone();
    }

    boolean isTooShort() {
        // RFC 3629 section 3: every byte of a character but its first begins with the bits 10
        return IntStream.range(0, value.length).filter(i -> (value[i] & 0xC0) != 0x80).count()
                < LEAST_CHARACTERS;
    }

    byte[] bytes() {
        return value;
    }

    @Override
    public void close() {
        Arrays.fill(value, (byte) 0);
    }

    @Override
    public String toString() {
        return "ClientSecret[hidden]";
    }
}
