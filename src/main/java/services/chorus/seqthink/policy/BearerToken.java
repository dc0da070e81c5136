package services.chorus.seqthink.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Authorization} header of a request: a token by itself (RFC 6750 section 2.1), or one
 * sent with a proof of its key (RFC 9449 section 7.1).
 */
public sealed interface BearerToken {

    /** No header, or one of another scheme. */
    record Absent() implements BearerToken {}

    /** More than one header, or an unreadable one. */
    record Malformed() implements BearerToken {}

    /**
     * A token that is not yet verified.
     *
     * @param compact as sent; a secret
     */
    record Present(Scheme scheme, String compact) implements BearerToken {

        // RFC 9110 sections 5.6.2 (token), 11.2 (token68) and 11.4 (credentials)
        private static final Pattern CREDENTIALS =
                Pattern.compile("(?<scheme>[!#$%&'*+.^_`|~0-9A-Za-z-]+)(?<rest>| .*)");
        private static final Pattern TOKEN = Pattern.compile(" +(?<token>[A-Za-z0-9._~+/-]+=*)");

        @Override
        public String toString() {
            return "Present[hidden]";
        }
    }

    /**
     * Reads the header.
     *
     * @param values every value of {@code Authorization} in the request
     */
    static BearerToken in(List<String> values) {
        if (values.isEmpty()) {
            return new Absent();
        }
        Matcher credentials = Present.CREDENTIALS.matcher(values.getFirst());
        if (values.size() > 1 || !credentials.matches()) {
            return new Malformed();
        }
        Optional<Scheme> scheme = Scheme.named(credentials.group("scheme"));
        if (scheme.isEmpty()) {
            return new Absent();
        }
        Matcher token = Present.TOKEN.matcher(credentials.group("rest"));
        return token.matches() ? new Present(scheme.get(), token.group("token")) : new Malformed();
    }
}
