package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Recipients with a correct checksum that give no secrecy, or are a second name of another. */
public final class UnsoundRecipients {

    private static final int POINT = 32;
    private static final int COEFFICIENTS = 3 * 256;

    private UnsoundRecipients() {}

    /** Every one of X25519, and post-quantum ones with each of their faults. */
    public static Stream<String> all() {
        return Stream.of(
                        points().map(point -> encode("age", point)),
                        points().map(UnsoundRecipients::hybrid),
                        Stream.of(0, 1, 2, 300, COEFFICIENTS - 2, COEFFICIENTS - 1)
                                .flatMap(at -> Stream.of(hybrid(at, 3329), hybrid(at, 4095))))
                .flatMap(recipients -> recipients);
    }

    /** One of each kind. */
    public static List<String> some() {
        return List.of(encode("age", new byte[POINT]), hybrid(new byte[POINT]), hybrid(767, 3329));
    }

    static Stream<byte[]> points() {
        return Stream.concat(lowOrder(), secondEncodings());
    }

    /** Every point with an order of 8 or less, also as RFC 7748 reads it modulo the prime. */
    static Stream<byte[]> lowOrder() {
        return Stream.of(
                        "0000000000000000000000000000000000000000000000000000000000000000",
                        "0100000000000000000000000000000000000000000000000000000000000000",
                        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
                .map(HexFormat.of()::parseHex)
                .flatMap(point -> Stream.of(point, withUnusedBit(point)));
    }

    /** 2^255 - 17 to 2^255 - 1, which RFC 7748 reads as 2 to 18, and 9 with the unused bit. */
    private static Stream<byte[]> secondEncodings() {
        byte[] nine = new byte[POINT];
        nine[0] = 9;
        return Stream.concat(
                Stream.of(withUnusedBit(nine)),
                IntStream.rangeClosed(0xef, 0xff)
                        .mapToObj(
                                first -> {
                                    byte[] point = new byte[POINT];
                                    Arrays.fill(point, (byte) 0xff);
                                    point[0] = (byte) first;
                                    point[POINT - 1] = 0x7f;
                                    return point;
                                })
                        .flatMap(point -> Stream.of(point, withUnusedBit(point))));
    }

    private static byte[] withUnusedBit(byte[] point) {
        byte[] other = point.clone();
        other[POINT - 1] |= (byte) 0x80;
        return other;
    }

    static String hybrid(byte[] point) {
        byte[] key = good();
        System.arraycopy(point, 0, key, key.length - POINT, POINT);
        return encode(HybridRecipient.HUMAN_PART, key);
    }

    /** One whose ML-KEM coefficient, of 12 bits, is not below 3329 (FIPS 203, section 7.2). */
    private static String hybrid(int at, int coefficient) {
        byte[] key = good();
        int first = at / 2 * 3;
        if (at % 2 == 0) {
            key[first] = (byte) coefficient;
            key[first + 1] = (byte) (key[first + 1] & 0xf0 | coefficient >> 8);
        } else {
            key[first + 1] = (byte) (key[first + 1] & 0x0f | coefficient << 4);
            key[first + 2] = (byte) (coefficient >> 4);
        }
        return encode(HybridRecipient.HUMAN_PART, key);
    }

    private static byte[] good() {
        try {
            String good = HybridIdentity.generate().recipient().toString();
            return Bech32.decode(HybridRecipient.HUMAN_PART, HybridRecipient.PUBLIC_SIZE, good);
        } catch (AgeException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String humanPart, byte[] key) {
        return new String(Bech32.encode(humanPart, key), US_ASCII);
    }
}
