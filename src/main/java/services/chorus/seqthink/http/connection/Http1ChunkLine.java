package services.chorus.seqthink.http.connection;

/**
 * The line before a chunk: its size and extensions (RFC 9112 section 7.1), without the optional
 * whitespace that was added for old senders.
 */
final class Http1ChunkLine {

    private enum State {
        SIZE,
        NAME,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED
    }

    private static final int LONGEST_SIZE = 8; // hexadecimal digits
    private static final int LONGEST_EXTENSIONS = 256; // in all

    private State state = State.SIZE;
    private int digits;
    private long size;
    private boolean empty; // the name or value that is being read
    private int extensions;

    /**
     * Reads the next char.
     *
     * @return whether the line permits it
     */
    boolean read(char c) {
        if (state != State.SIZE && ++extensions > LONGEST_EXTENSIONS) {
            return false;
        }
        return switch (state) {
            case SIZE -> size(c);
            case NAME ->
                    switch (c) {
                        case ';' -> !empty && go(State.NAME);
                        case '=' -> !empty && go(State.VALUE);
                        default -> part(c);
                    };
            case VALUE ->
                    switch (c) {
                        case ';' -> !empty && go(State.NAME);
                        case '"' -> empty && go(State.QUOTED);
                        default -> part(c);
                    };
            case QUOTED ->
                    switch (c) {
                        case '"' -> go(State.AFTER_QUOTED);
                        case '\\' -> go(State.ESCAPED);
                        default -> isText(c);
                    };
            case ESCAPED -> isText(c) && go(State.QUOTED);
            case AFTER_QUOTED -> c == ';' && go(State.NAME);
        };
    }

    /** Whether the line may end here. */
    boolean mayEnd() {
        return switch (state) {
            case SIZE -> digits > 0;
            case NAME, VALUE -> !empty;
            case QUOTED, ESCAPED -> false;
            case AFTER_QUOTED -> true;
        };
    }

    /** The size of the chunk in bytes. */
    long size() {
        return size;
    }

    private boolean size(char c) {
        if (c == ';') {
            return digits > 0 && go(State.NAME);
        }
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        size = size * 16 + digit;
        digits++;
        return digit >= 0 && digits <= LONGEST_SIZE && size <= Integer.MAX_VALUE;
    }

    private boolean part(char c) {
        empty = false;
        return Http1Syntax.isToken(c);
    }

    /** Without the opaque bytes from 0x80 on, which Netty does not accept here. */
    private static boolean isText(char c) {
        return c < 0x80 && Http1Syntax.isText(c);
    }

    private boolean go(State next) {
        state = next;
        empty = true;
        return true;
    }
}
