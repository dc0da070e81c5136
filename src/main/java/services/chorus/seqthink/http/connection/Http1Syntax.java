package services.chorus.seqthink.http.connection;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the bytes of HTTP/1.1 requests, one after the other, against the grammar and the framing
 * rules of RFC 9112, without its tolerances: what one parser repairs, the next may read as another
 * request. For one connection and one thread.
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
        SIZE_LF,
        CHUNK,
        CHUNK_CR,
        CHUNK_LF
    }

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~"; // RFC 9110 section 5.6.2
    private static final int LONGEST_NAME = "sec-websocket-key1".length();
    private static final String MAJOR_VERSION = "HTTP/1.";

    private State state = State.START;
    private Optional<Fault> fault = Optional.empty();
    private boolean inBody;
    private int begin; // negative: before these bytes
    private boolean emptyLine;
    private boolean empty; // the target
    private long requests;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private Optional<String> kept = Optional.empty(); // the field whose value is collected
    private Http1Framing framing = new Http1Framing(false);
    private Http1ChunkLine chunkLine = new Http1ChunkLine();
    private boolean trailers;
    private long left;

    /** The first fault; the bytes from it on are not checked. */
    Optional<Fault> fault() {
        return fault;
    }

    /** Whether the faulty request has begun, since its head was among earlier bytes. */
    boolean hasBegun() {
        return inBody && begin < 0;
    }

    /** How many requests have begun, without the faulty one unless it {@link #hasBegun()}. */
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
            if (state == State.VALUE && kept.isEmpty()) { // most of a head
                while (at < size && isText((char) bytes.getUnsignedByte(from + at))) {
                    at++;
                }
                if (at == size) {
                    break;
                }
            }
            if (state == State.START) {
                begin = at;
            }
            Optional<Fault> found = next((char) bytes.getUnsignedByte(from + at), at);
            if (found.isPresent()) {
                fault = found;
                if (inBody && begin >= 0) {
                    requests--;
                }
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
                    case VALUE_LF -> c == '\n' && endOfField();
                    case HEAD_LF -> c == '\n' && endOfHead(at);
                    case SIZE -> chunkLine(c);
                    case SIZE_LF -> c == '\n' && endOfChunkLine();
                    case CHUNK_CR -> expect(c, '\r', State.CHUNK_LF);
                    case CHUNK_LF -> c == '\n' && beginChunk();
                    case BODY, CHUNK -> throw new IllegalStateException();
                };
        if (good) {
            return Optional.empty();
        }
        return state == State.HEAD_LF && c == '\n' ? framing.fault() : Optional.of(Fault.MALFORMED);
    }

    /** An empty line may precede a request (RFC 9112 section 2.2); here, one. */
    private boolean start(char c) {
        if (c == '\r' && !emptyLine) {
            emptyLine = true;
            return go(State.START_LF);
        }
        emptyLine = false;
        trailers = false;
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
            framing = new Http1Framing(text.charAt(at - 1) == '0');
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
            kept = Optional.of(text.toString().toLowerCase(Locale.ROOT));
            kept = kept.filter(Http1Framing::includes);
            value.setLength(0);
            return go(State.VALUE) && !(trailers && kept.isPresent());
        }
        if (text.length() <= LONGEST_NAME) {
            text.append(c);
        }
        return isToken(c);
    }

    private boolean value(char c) {
        if (c == '\r') {
            return go(State.VALUE_LF);
        }
        if (kept.isPresent()) {
            value.append(c);
        }
        return isText(c) && value.length() <= Http1Framing.LONGEST_VALUE;
    }

    private boolean endOfField() {
        go(State.LINE);
        return kept.map(name -> framing.add(name, value.toString().strip())).orElse(true);
    }

    private boolean endOfHead(int at) {
        if (trailers) {
            endOfRequest(at);
            return true;
        }
        if (framing.fault().isPresent()) {
            return false;
        }
        requests++;
        inBody = true;
        left = framing.length();
        if (framing.isChunked()) {
            beginChunk();
        } else if (left == 0) {
            endOfRequest(at);
        } else {
            go(State.BODY);
        }
        return true;
    }

    private boolean beginChunk() {
        chunkLine = new Http1ChunkLine();
        return go(State.SIZE);
    }

    private boolean chunkLine(char c) {
        return c == '\r' ? chunkLine.mayEnd() && go(State.SIZE_LF) : chunkLine.read(c);
    }

    private boolean endOfChunkLine() {
        left = chunkLine.size();
        trailers = left == 0;
        return go(trailers ? State.LINE : State.CHUNK);
    }

    private void endOfData(int at) {
        if (state == State.CHUNK) {
            go(State.CHUNK_CR);
        } else {
            endOfRequest(at - 1);
        }
    }

    /**
     * @param at the last byte of the request
     */
    private void endOfRequest(int at) {
        begin = at + 1;
        inBody = false;
        go(State.START);
    }

    private boolean expect(char c, char expected, State next) {
        return c == expected && go(next);
    }

    /** Begins with an empty text. */
    private boolean go(State next) {
        text.setLength(0);
        empty = true;
        state = next;
        return true;
    }

    static boolean isToken(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** RFC 9110 section 5.5; bytes from 0x80 on are opaque. */
    static boolean isText(char c) {
        return c >= ' ' && c != 0x7F || c == '\t';
    }
}
