package services.chorus.seqthink.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a token is sent: an authentication scheme (RFC 9110 section 11.1). */
public enum Scheme {
    /** By itself (RFC 6750). */
    BEARER("Bearer"),
    /** With a proof of the key that it is bound to (RFC 9449). */
    DPOP("DPoP");

    private final String word;

    Scheme(String word) {
        this.word = word;
    }

    /** As it is written in a header; names of schemes are read in any case. */
    public String word() {
        return word;
    }

    /**
     * The scheme that a refusal speaks to, whatever else is wrong with the header.
     *
     * @param values every value that the request has for {@code Authorization}
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
