package services.chorus.seqthink.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the bytes that cannot stand for themselves within a JSON string in UTF-8 (RFC 8259 section
 * 7): controls, quotes and backslashes. Compares eight bytes at once.
 */
final class SpecialBytes {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * EACH;

    private SpecialBytes() {}

    /** Where the next one is; {@code length} if there is none before that. */
    static int next(byte[] bytes, int from, int length) {
        int at = from;
        while (at <= length - Long.BYTES && !hasSpecial((long) EIGHT_BYTES.get(bytes, at))) {
            at += Long.BYTES;
        }
        while (at < length && !isSpecial(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Whether one of eight bytes is a control, a quote or a backslash. */
    private static boolean hasSpecial(long eight) {
        long special = below(eight, ' ') | below(eight ^ '"' * EACH, 1);
        return ((special | below(eight ^ '\\' * EACH, 1)) & HIGH_BITS) != 0;
    }

    /** Sets a high bit if one of eight bytes is below a limit. */
    private static long below(long eight, int limit) {
        return eight - limit * EACH & ~eight;
    }

    private static boolean isSpecial(byte one) {
        return one >= 0 && one < ' ' || one == '"' || one == '\\';
    }
}
