package services.chorus.seqthink.mcp;

/** Bytes that are no JSON-RPC message. Says why, and never what they were. */
public final class MalformedMessageException extends RuntimeException {

    private final ErrorCode code;

    MalformedMessageException(ErrorCode code, String problem) {
        super(problem);
        this.code = code;
    }

    /** {@link ErrorCode#PARSE_ERROR} or {@link ErrorCode#INVALID_REQUEST}. */
    public ErrorCode code() {
        return code;
    }
}
