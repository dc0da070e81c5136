package services.chorus.seqthink.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The authentication scheme of a token (RFC 9110 section 11.1). */
public enum Scheme {
    /** The token by itself (RFC 6750). */
    BEARER("Bearer"),
    /** The token with a proof of the key that it is bound to (RFC 9449). */
    DPOP("DPoP");

    private final String word;

    Scheme(String word) {
        this.word = word;
    }

    /** The name that is written in headers; it is read in any case. */
    public String word() {
        return word;
    }

    /**
     * The scheme that the error of a rejected request refers to, even if the header is malformed.
     *
     * @param values every value of {@code Authorization} in the request
     */
    public static Scheme triedIn(List<String> values) {
        return values.stream()
                .findFirst()
                .flatMap(value -> named(value.split(" ", 2)[0]))
                .orElse(BEARER);
    }

    static Optional<Scheme> named(String word) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.word.equalsIgnoreCase(word))
                .findFirst();
    }
}
