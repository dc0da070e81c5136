package services.chorus.seqthink.http.connection;

import java.util.Optional;
import java.util.regex.Pattern;
import services.chorus.seqthink.http.connection.Http1Syntax.Fault;

/**
 * The fields of one HTTP/1 request that say whom it is for and where it ends (RFC 9112 sections 3.2
 * and 6). Each may be there once, and only in one form.
 */
final class Http1Framing {

    /** The longest value: of a Host, with a port. */
    static final int LONGEST_VALUE = 255 + ":65535".length();

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");
    private static final Pattern KNOWN_CODINGS =
            Pattern.compile(
                    "(((x-)?(gzip|compress)|deflate)[ \t]*,[ \t]*)+chunked",
                    Pattern.CASE_INSENSITIVE);

    private final boolean version10;
    private Optional<String> host = Optional.empty();
    private Optional<String> length = Optional.empty();
    private Optional<String> coding = Optional.empty();

    /**
     * @param version10 of HTTP/1.0, not 1.1
     */
    Http1Framing(boolean version10) {
        this.version10 = version10;
    }

    /**
     * Whether a field is one of these.
     *
     * @param name in lower case
     */
    static boolean includes(String name) {
        return switch (name) {
            // Netty takes Key1 and Key2, of a draft of WebSocket, for the sign of eight more bytes
            case "host", "content-length", "transfer-encoding", "sec-websocket-key1" -> true;
            default -> false;
        };
    }

    /**
     * Adds a field.
     *
     * @param name in lower case, one of {@link #includes}
     * @param value without whitespace around it
     * @return whether the request may have that field, with that value
     */
    boolean add(String name, String value) {
        return switch (name) {
            case "host" -> {
                boolean first = host.isEmpty();
                host = Optional.of(value);
                yield first && HOST.matcher(value).matches();
            }
            case "content-length" -> {
                boolean first = length.isEmpty();
                length = Optional.of(value);
                yield first && LENGTH.matcher(value).matches();
            }
            case "transfer-encoding" -> {
                boolean first = coding.isEmpty();
                coding = Optional.of(value);
                yield first;
            }
            default -> false;
        };
    }

    /** What is wrong with the fields together; refuses what RFC 9112 section 11.2 warns of. */
    Optional<Fault> fault() {
        boolean both = coding.isPresent() && (length.isPresent() || version10);
        if (both || host.isEmpty() && !version10) {
            return Optional.of(Fault.MALFORMED);
        }
        return coding.filter(named -> !named.equalsIgnoreCase("chunked"))
                .map(
                        other ->
                                KNOWN_CODINGS.matcher(other).matches()
                                        ? Fault.UNKNOWN_CODING
                                        : Fault.MALFORMED);
    }

    boolean isChunked() {
        return coding.isPresent();
    }

    /** The length of a body that is not chunked. */
    long length() {
        return length.map(Long::parseLong).orElse(0L);
    }
}
