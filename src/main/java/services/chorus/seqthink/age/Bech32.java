package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Bech32 (BIP 173) without its limit on length. Decoding is strict: the human-readable part, its
 * case and the number of data bytes are given.
 */
final class Bech32 {

    private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final int[] GENERATOR = {
        0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
    };
    private static final int CHECKSUM_LENGTH = 6;

    private Bech32() {}

    /** Encodes in the case of the human-readable part, as ASCII for the caller to wipe. */
    static byte[] encode(String humanPart, byte[] data) {
        byte[] values = new byte[valueCount(data.length) + CHECKSUM_LENGTH];
        regroup(data, data.length, 8, values, 5);
        int checksum = polymod(humanPart, values) ^ 1;
        for (int i = 1; i <= CHECKSUM_LENGTH; i++) {
            values[values.length - i] = (byte) (checksum & 31);
            checksum >>>= 5;
        }
        String alphabet = alphabet(humanPart);
        byte[] start = (humanPart + '1').getBytes(StandardCharsets.US_ASCII);
        byte[] text = Arrays.copyOf(start, start.length + values.length);
        for (int i = 0; i < values.length; i++) {
            text[start.length + i] = (byte) alphabet.charAt(values[i]);
        }
        Arrays.fill(values, (byte) 0);
        return text;
    }

    /**
     * Decodes a text that must have exactly this human-readable part and this many data bytes.
     *
     * @throws AgeException with a message that contains no part of the text
     */
    static byte[] decode(String humanPart, int size, CharSequence text) throws AgeException {
        int start = humanPart.length() + 1;
        int length = start + valueCount(size) + CHECKSUM_LENGTH;
        if (text.length() != length || !begins(humanPart, text)) {
            throw AgeException.key(
                    "Expected a key of %d characters that begins with %s1: copy the whole key again"
                            .formatted(length, humanPart));
        }
        byte[] values = new byte[length - start];
        byte[] data = new byte[size];
        try {
            String alphabet = alphabet(humanPart);
            for (int i = 0; i < values.length; i++) {
                int value = alphabet.indexOf(text.charAt(start + i));
                if (value < 0) {
                    throw AgeException.key("The key contains an invalid character: copy it again");
                }
                values[i] = (byte) value;
            }
            if (polymod(humanPart, values) != 1) {
                throw AgeException.key("The key's checksum is wrong: copy it again");
            }
            if (regroup(values, valueCount(size), 5, data, 8) != 0) {
                throw AgeException.key("The key's last bits are not zero: generate a new key");
            }
            return data;
        } finally {
            Arrays.fill(values, (byte) 0);
        }
    }

    static boolean begins(String humanPart, CharSequence text) {
        String start = humanPart + "1";
        return text.length() >= start.length()
                && start.contentEquals(text.subSequence(0, start.length()));
    }

    private static int valueCount(int bytes) {
        return Math.ceilDiv(bytes * 8, 5);
    }

    private static String alphabet(String humanPart) {
        return Character.isUpperCase(humanPart.charAt(0))
                ? ALPHABET.toUpperCase(Locale.ROOT)
                : ALPHABET;
    }

    /**
     * Regroups the bits of {@code from} into {@code to}, most significant first; an incomplete last
     * group is padded with zeros when encoding.
     *
     * @return the bits left over when decoding
     */
    private static int regroup(byte[] from, int count, int fromBits, byte[] to, int toBits) {
        int held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            held = (held << fromBits | from[i] & 0xff) & 0xfff;
            bits += fromBits;
            while (bits >= toBits) {
                bits -= toBits;
                to[at++] = (byte) (held >>> bits & (1 << toBits) - 1);
            }
        }
        int rest = held & (1 << bits) - 1;
        if (bits > 0 && toBits < fromBits) {
            to[at] = (byte) (rest << toBits - bits);
            return 0;
        }
        return rest;
    }

    /** BIP 173, "Checksum"; computed over the lower-case form. */
    private static int polymod(String humanPart, byte[] values) {
        String lower = humanPart.toLowerCase(Locale.ROOT);
        int checksum = 1;
        for (int i = 0; i < lower.length(); i++) {
            checksum = step(checksum, lower.charAt(i) >>> 5);
        }
        checksum = step(checksum, 0);
        for (int i = 0; i < lower.length(); i++) {
            checksum = step(checksum, lower.charAt(i) & 31);
        }
        for (byte value : values) {
            checksum = step(checksum, value);
        }
        return checksum;
    }

    private static int step(int checksum, int value) {
        int top = checksum >>> 25;
        int next = (checksum & 0x1ffffff) << 5 ^ value;
        for (int i = 0; i < GENERATOR.length; i++) {
            next ^= (top >>> i & 1) == 0 ? 0 : GENERATOR[i];
        }
        return next;
    }
}
