package services.chorus.seqthink.mcp;

import java.util.Arrays;

/** A history's name where its owner must not be told: 32 bytes that say nothing about them. */
public final class HistoryDigest {

    /** Bytes in a digest. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    /** Takes a copy of {@value #LENGTH} bytes. */
    public HistoryDigest(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A history digest has " + LENGTH + " bytes");
        }
        this.bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HistoryDigest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "HistoryDigest";
    }
}
