package services.chorus.seqthink.mcp;

import java.util.Arrays;
import java.util.Optional;

/** The MCP revisions that begin with {@code initialize}, oldest first. */
public enum ProtocolVersion {
    V2024_11_05("2024-11-05"),
    V2025_03_26("2025-03-26"),
    V2025_06_18("2025-06-18"),
    V2025_11_25("2025-11-25");

    /** The revision that we request, and offer to a peer that requests an unknown one. */
    public static final ProtocolVersion LATEST = V2025_11_25;

    private final String date;

    ProtocolVersion(String date) {
        this.date = date;
    }

    /** The name of the revision in messages and headers. */
    public String date() {
        return date;
    }

    /** The revision with that name; empty if we do not support it. */
    public static Optional<ProtocolVersion> of(String date) {
        return Arrays.stream(values()).filter(version -> version.date.equals(date)).findFirst();
    }
}
