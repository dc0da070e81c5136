package services.chorus.seqthink.mcp;

import static java.util.Objects.requireNonNull;

/** Bytes that are no JSON-RPC message. Says why, and never what they were. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    MalformedMessageException(ErrorCode code, String problem) {
        super(problem);
        this.code = requireNonNull(code, "code is null");
    }

    /** {@link ErrorCode#PARSE_ERROR} or {@link ErrorCode#INVALID_REQUEST}. */
    public ErrorCode code() {
        return code;
    }
}
