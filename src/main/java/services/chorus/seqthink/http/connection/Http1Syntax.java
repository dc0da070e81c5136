package services.chorus.seqthink.http.connection;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks the bytes of HTTP/1.1 requests, one after the other, against the grammar and the framing
 * rules of RFC 9112, without its tolerances: what one parser repairs, the next may read as another
 * request. Holds at most one field's name and value. For one connection and one thread.
 */
final class Http1Syntax {

    /** What is wrong with a request: the status of its answer. */
    enum Fault {
        MALFORMED("400 Bad Request"),
        UNKNOWN_CODING("501 Not Implemented"); // RFC 9112 section 6.1

        final String statusLine;

        Fault(String statusLine) {
            this.statusLine = statusLine;
        }
    }

    private enum State {
        START,
        START_LF,
        METHOD,
        TARGET,
        VERSION,
        VERSION_LF,
        LINE,
        NAME,
        VALUE,
        VALUE_LF,
        HEAD_LF,
        BODY,
        SIZE,
        EXTENSION,
        EXTENSION_VALUE,
        QUOTED,
        ESCAPED,
        QUOTED_END,
        SIZE_LF,
        CHUNK,
        CHUNK_CR,
        CHUNK_LF
    }

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~"; // RFC 9110 section 5.6.2
    private static final int LONGEST_NAME = "sec-websocket-key1".length();
    private static final int LONGEST_VALUE = 255 + ":65535".length(); // of a Host
    private static final String MAJOR_VERSION = "HTTP/1.";
    private static final int LONGEST_SIZE = 8; // hexadecimal digits
    private static final int LONGEST_EXTENSIONS = 256; // of one chunk

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");
    private static final Pattern KNOWN_CODINGS =
            Pattern.compile(
                    "(((x-)?(gzip|compress)|deflate)[ \t]*,[ \t]*)+chunked",
                    Pattern.CASE_INSENSITIVE);

    private State state = State.START;
    private Optional<Fault> fault = Optional.empty();
    private boolean inBody;
    private int begin; // negative: before these bytes
    private boolean emptyLine;
    private boolean empty; // the part of a line that is being read
    private int extensions;
    private long requests;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private boolean trailers;
    private boolean version10;
    private Optional<String> length = Optional.empty();
    private Optional<String> coding = Optional.empty();
    private boolean host;
    private long left;

    /** The first fault; the bytes from it on are not checked. */
    Optional<Fault> fault() {
        return fault;
    }

    /** Whether the faulty request has begun, since its head was among earlier bytes. */
    boolean hasBegun() {
        return inBody && begin < 0;
    }

    /** How many requests have begun. */
    long requests() {
        return requests;
    }

    /**
     * Checks further bytes.
     *
     * @return how many of the readable bytes stand before the faulty request; all of them if there
     *     is no fault
     */
    int check(ByteBuf bytes) {
        begin = -1;
        int from = bytes.readerIndex();
        int size = bytes.readableBytes();
        int at = 0;
        while (at < size) {
            if (state == State.BODY || state == State.CHUNK) {
                long skipped = Math.min(left, size - at);
                left -= skipped;
                at += (int) skipped;
                if (left == 0) {
                    endOfData(at);
                }
                continue;
            }
            if (state == State.START) {
                begin = at;
            }
            Optional<Fault> found = next((char) bytes.getUnsignedByte(from + at), at);
            if (found.isPresent()) {
                fault = found;
                return Math.max(begin, 0);
            }
            at++;
        }
        return size;
    }

    private Optional<Fault> next(char c, int at) {
        boolean good =
                switch (state) {
                    case START -> start(c);
                    case START_LF -> expect(c, '\n', State.START);
                    case METHOD -> c == ' ' ? go(State.TARGET) : isToken(c);
                    case TARGET -> target(c);
                    case VERSION -> version(c);
                    case VERSION_LF -> expect(c, '\n', State.LINE);
                    case LINE -> line(c);
                    case NAME -> name(c);
                    case VALUE -> value(c);
                    case VALUE_LF -> c == '\n' && field();
                    case HEAD_LF -> c == '\n' && endOfHead(at);
                    case SIZE -> size(c);
                    case EXTENSION -> extension(c);
                    case EXTENSION_VALUE -> extensionValue(c);
                    case QUOTED -> quoted(c);
                    case ESCAPED -> isText(c) && keep(State.QUOTED);
                    case QUOTED_END -> endOfExtension(c);
                    case SIZE_LF -> c == '\n' && endOfSize();
                    case CHUNK_CR -> expect(c, '\r', State.CHUNK_LF);
                    case CHUNK_LF -> expect(c, '\n', State.SIZE);
                    case BODY, CHUNK -> throw new IllegalStateException();
                };
        return good ? Optional.empty() : Optional.of(fault(state));
    }

    private Fault fault(State where) {
        boolean unknown =
                where == State.HEAD_LF
                        && host
                        && !version10
                        && length.isEmpty()
                        && coding.filter(each -> KNOWN_CODINGS.matcher(each).matches()).isPresent();
        return unknown ? Fault.UNKNOWN_CODING : Fault.MALFORMED;
    }

    /** An empty line may precede a request (RFC 9112 section 2.2); here, one. */
    private boolean start(char c) {
        if (c == '\r' && !emptyLine) {
            emptyLine = true;
            return go(State.START_LF);
        }
        emptyLine = false;
        trailers = false;
        inBody = false;
        host = false;
        length = Optional.empty();
        coding = Optional.empty();
        return isToken(c) && go(State.METHOD);
    }

    private boolean target(char c) {
        if (c == ' ') {
            return !empty && go(State.VERSION);
        }
        empty = false;
        return c > ' ' && c < 0x7F;
    }

    private boolean version(char c) {
        int at = text.length();
        if (at > MAJOR_VERSION.length()) {
            version10 = text.charAt(at - 1) == '0';
            return c == '\r' && go(State.VERSION_LF);
        }
        text.append(c);
        return at == MAJOR_VERSION.length() ? c == '0' || c == '1' : c == MAJOR_VERSION.charAt(at);
    }

    /** A line that begins with whitespace would continue the one before (section 5.2). */
    private boolean line(char c) {
        if (c == '\r') {
            return go(State.HEAD_LF);
        }
        go(State.NAME);
        return name(c) && c != ':';
    }

    private boolean name(char c) {
        if (c == ':') {
            value.setLength(0);
            state = State.VALUE;
            return true;
        }
        if (text.length() <= LONGEST_NAME) {
            text.append(c);
        }
        return isToken(c);
    }

    private boolean value(char c) {
        if (c == '\r') {
            state = State.VALUE_LF;
            return true;
        }
        if (value.length() <= LONGEST_VALUE) {
            value.append(c);
        }
        return isText(c);
    }

    private boolean field() {
        String name = text.toString().toLowerCase(Locale.ROOT);
        String content = value.toString().strip();
        go(State.LINE);
        return switch (name) {
            case "content-length" -> {
                boolean first = length.isEmpty();
                length = Optional.of(content);
                yield first && isFraming() && LENGTH.matcher(content).matches();
            }
            case "transfer-encoding" -> {
                boolean first = coding.isEmpty();
                coding = Optional.of(content);
                yield first && isFraming();
            }
            case "host" -> {
                boolean first = !host;
                host = true;
                yield first && isFraming() && HOST.matcher(content).matches();
            }
            // of a draft of WebSocket: Netty takes it for the sign of a body of eight bytes
            case "sec-websocket-key1" -> false;
            default -> true;
        };
    }

    /** A field that must not be in trailers, and whose value must be known to its end. */
    private boolean isFraming() {
        return !trailers && value.length() <= LONGEST_VALUE;
    }

    /** RFC 9112 section 6.3; refuses what allows request smuggling (section 11.2). */
    private boolean endOfHead(int at) {
        if (trailers) {
            endOfRequest(at);
            return true;
        }
        if (!host && !version10) { // section 3.2
            return false;
        }
        if (coding.isPresent()) {
            boolean chunked = coding.get().equalsIgnoreCase("chunked");
            boolean good = chunked && length.isEmpty() && !version10;
            inBody = good;
            requests++;
            return good && go(State.SIZE);
        }
        requests++;
        left = length.map(Long::parseLong).orElse(0L);
        if (left == 0) {
            endOfRequest(at);
        } else {
            inBody = true;
            state = State.BODY;
        }
        return true;
    }

    private boolean size(char c) {
        if (Character.digit(c, 16) >= 0 && c < 0x7F) {
            text.append(c);
            return text.length() <= LONGEST_SIZE;
        }
        if (text.isEmpty()) {
            return false;
        }
        left = Long.parseLong(text.toString(), 16);
        extensions = 0;
        return switch (c) {
            case '\r' -> go(State.SIZE_LF);
            case ';' -> go(State.EXTENSION);
            default -> false;
        };
    }

    /** A name, or a name and a value (section 7.1.1); without optional whitespace. */
    private boolean extension(char c) {
        return switch (c) {
            case '\r', ';' -> !empty && endOfExtension(c);
            case '=' -> !empty && counted() && go(State.EXTENSION_VALUE);
            default -> isToken(c) && part();
        };
    }

    private boolean extensionValue(char c) {
        return switch (c) {
            case '\r', ';' -> !empty && endOfExtension(c);
            case '"' -> empty && counted() && go(State.QUOTED);
            default -> isToken(c) && part();
        };
    }

    private boolean quoted(char c) {
        return counted()
                && switch (c) {
                    case '"' -> keep(State.QUOTED_END);
                    case '\\' -> keep(State.ESCAPED);
                    default -> isText(c);
                };
    }

    private boolean endOfExtension(char c) {
        return switch (c) {
            case '\r' -> go(State.SIZE_LF);
            case ';' -> counted() && go(State.EXTENSION);
            default -> false;
        };
    }

    private boolean part() {
        empty = false;
        return counted();
    }

    private boolean counted() {
        return ++extensions <= LONGEST_EXTENSIONS;
    }

    private boolean endOfSize() {
        if (left > 0) {
            state = State.CHUNK;
            return true;
        }
        trailers = true;
        return go(State.LINE);
    }

    private void endOfData(int at) {
        if (state == State.CHUNK) {
            state = State.CHUNK_CR;
        } else {
            endOfRequest(at - 1);
        }
    }

    /**
     * @param at the last byte of the request
     */
    private void endOfRequest(int at) {
        begin = at + 1;
        go(State.START);
    }

    private boolean expect(char c, char expected, State next) {
        return c == expected && go(next);
    }

    /** Begins with an empty text. */
    private boolean go(State next) {
        text.setLength(0);
        empty = true;
        return keep(next);
    }

    private boolean keep(State next) {
        state = next;
        return true;
    }

    private static boolean isToken(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** RFC 9110 section 5.5; bytes from 0x80 on are opaque. */
    private static boolean isText(char c) {
        return c >= ' ' && c != 0x7F || c == '\t';
    }
}
