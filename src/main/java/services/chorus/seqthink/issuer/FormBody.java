package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of an {@code application/x-www-form-urlencoded} body. Values stay bytes, because
 * one may be a secret; {@link #close()} wipes them.
 */
final class FormBody implements AutoCloseable {

    static final int MOST_BYTES = 16 * 1024;

    private final Map<String, byte[]> values = new HashMap<>();

    private FormBody() {}

    /** Parses a body and wipes it. */
    static FormBody parse(byte[] body) throws OAuthException {
        if (body.length > MOST_BYTES) {
            throw new OAuthException(INVALID_REQUEST, "The body must have 16 KiB at most");
        }
        var form = new FormBody();
        try {
            for (int from = 0; from < body.length; ) {
                int to = indexOf('&', body, from, body.length);
                form.read(body, from, to);
                from = to + 1;
            }
            return form;
        } catch (OAuthException e) {
            form.close();
            throw e;
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** A value as text; an empty one counts as missing (RFC 6749 section 3.2). */
    Optional<String> text(String name) {
        return bytes(name).map(value -> new String(value, UTF_8));
    }

    /** A mandatory value as text. */
    String required(String name) throws OAuthException {
        return text(name)
                .orElseThrow(() -> new OAuthException(INVALID_REQUEST, name + " is missing"));
    }

    /** A value as bytes, which are wiped with the form. */
    Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> value.length > 0);
    }

    @Override
    public void close() {
        values.values().forEach(value -> Arrays.fill(value, (byte) 0));
    }

    /** The index of the first such byte, else {@code to}. */
    static int indexOf(char wanted, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Decodes a part of the bytes. */
    static byte[] decode(byte[] bytes, int from, int to) throws OAuthException {
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            decoded[length++] =
                    switch (bytes[at]) {
                        case '+' -> ' ';
                        case '%' -> (byte) (hex(bytes, ++at, to) << 4 | hex(bytes, ++at, to));
                        default -> bytes[at];
                    };
        }
        byte[] exact = Arrays.copyOf(decoded, length);
        Arrays.fill(decoded, (byte) 0);
        return exact;
    }

    private void read(byte[] body, int from, int to) throws OAuthException {
        if (from == to) {
            return;
        }
        int equals = indexOf('=', body, from, to);
        String name = new String(decode(body, from, equals), UTF_8);
        byte[] value = decode(body, Math.min(equals + 1, to), to);
        if (values.putIfAbsent(name, value) != null) {
            Arrays.fill(value, (byte) 0);
            throw new OAuthException(INVALID_REQUEST, "A parameter must not be repeated");
        }
    }

    private static int hex(byte[] bytes, int at, int to) throws OAuthException {
        int digit = at < to ? Character.digit(bytes[at], 16) : -1;
        if (digit < 0) {
            throw new OAuthException(
                    INVALID_REQUEST, "A percent sign must be followed by two hexadecimal digits");
        }
        return digit;
    }
}
