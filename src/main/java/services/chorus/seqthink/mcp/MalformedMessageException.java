package services.chorus.seqthink.mcp;

/** Bytes that are not a JSON-RPC message. The text does not quote them. */
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
