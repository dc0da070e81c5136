package services.chorus.seqthink.mcp;

import java.util.Arrays;
import java.util.Optional;

/** The MCP revisions that begin with {@code initialize}, oldest first. */
public enum ProtocolVersion {
    V2024_11_05("2024-11-05"),
    V2025_03_26("2025-03-26"),
    V2025_06_18("2025-06-18"),
    V2025_11_25("2025-11-25");

    /** The version we request, and offer to a peer that requests an unknown one. */
    public static final ProtocolVersion LATEST = V2025_11_25;

    private final String date;

    ProtocolVersion(String date) {
        this.date = date;
    }

    /** The revision as messages and headers name it. */
    public String date() {
        return date;
    }

    /** The revision of that name, if we speak it. */
    public static Optional<ProtocolVersion> of(String date) {
        return Arrays.stream(values()).filter(version -> version.date.equals(date)).findFirst();
    }
}
