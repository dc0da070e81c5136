package services.chorus.seqthink.config;

import java.util.regex.Pattern;

/** Recognizes host names of this machine, without DNS, whose answers others control. */
public final class Loopback {

    // RFC 1122 section 3.2.1.3: 127/8. Octets without leading zeros, which some parsers read as
    // octal.
    private static final Pattern IPV4 =
            Pattern.compile("127(\\.(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])){3}");

    private Loopback() {}

    /** Whether a URL's host, brackets included, is {@code localhost}, 127/8 or {@code [::1]}. */
    public static boolean names(String host) {
        return "localhost".equals(host) || "[::1]".equals(host) || IPV4.matcher(host).matches();
    }
}
