package services.chorus.seqthink.mcp;

/** The error codes of JSON-RPC 2.0, section 5.1. */
public enum ErrorCode {
    PARSE_ERROR(-32700),
    INVALID_REQUEST(-32600),
    METHOD_NOT_FOUND(-32601),
    INVALID_PARAMS(-32602),
    INTERNAL_ERROR(-32603);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The code in a message. */
    public int number() {
        return number;
    }
}
