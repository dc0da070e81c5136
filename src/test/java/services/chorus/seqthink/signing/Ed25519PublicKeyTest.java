package services.chorus.seqthink.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;

public class Ed25519PublicKeyTest {

    /**
     * The points of an order of 8 or less in every encoding, a point that is not of prime order,
     * every y that is not reduced, and bytes that are no point ("Taming the many EdDSAs", table 1).
     */
    public static Stream<String> unsound() {
        return Stream.concat(
                        Stream.of(
                                "0100000000000000000000000000000000000000000000000000000000000000",
                                "0100000000000000000000000000000000000000000000000000000000000080",
                                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                "0000000000000000000000000000000000000000000000000000000000000000",
                                "0000000000000000000000000000000000000000000000000000000000000080",
                                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                                "0200000000000000000000000000000000000000000000000000000000000000",
                                // the base point plus a point of order 8
                                "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2"),
                        // y of 2^255 - 19 to 2^255 - 1, with either sign
                        IntStream.rangeClosed(0xed, 0xff)
                                .mapToObj("%02x"::formatted)
                                .flatMap(
                                        y ->
                                                Stream.of(
                                                        y + "ff".repeat(30) + "7f",
                                                        y + "ff".repeat(31))))
                .map(HexFormat.of()::parseHex)
                .map(StrictBase64::encode);
    }

    @ParameterizedTest
    @MethodSource("unsound")
    void isNotReadWhenUnsound(String x) {
        assertThat(Ed25519PublicKey.parse(x)).isEmpty();
        assertThat(
                        Ed25519PublicKey.of(
                                StrictJson.object()
                                        .put("kty", "OKP")
                                        .put("crv", "Ed25519")
                                        .put("x", x)))
                .isEmpty();
    }

    @Test
    void readsTheKeyOfTheRfc() {
        String x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"; // RFC 8037 appendix A.2
        assertThat(Ed25519PublicKey.parse(x)).map(Ed25519PublicKey::x).contains(x);
    }
}
