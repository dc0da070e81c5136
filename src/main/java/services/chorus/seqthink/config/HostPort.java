package services.chorus.seqthink.config;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host with or without a port, as in a Host header (RFC 9110 section 7.2).
 *
 * @param host in lower case; an IPv6 address in its brackets
 */
public record HostPort(String host, OptionalInt port) {

    private static final Pattern FORM =
            Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final int MAX_PORT = 65535;

    /** Empty when the text is malformed. */
    public static Optional<HostPort> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digits = matcher.group(2);
        OptionalInt port =
                digits == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
        return port.orElse(0) > MAX_PORT
                ? Optional.empty()
                : Optional.of(new HostPort(matcher.group(1).toLowerCase(Locale.ROOT), port));
    }

    /** Whether the other is the same host and port; without a port, any port of that host. */
    public boolean covers(HostPort other) {
        return host.equals(other.host) && (port.isEmpty() || port.equals(other.port));
    }

    @Override
    public String toString() {
        return port.isPresent() ? host + ":" + port.getAsInt() : host;
    }
}
