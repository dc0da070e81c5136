package services.chorus.seqthink.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.protocol.RecipientsDocument.Verification;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;

class RecipientsDocumentTest {

    private static final HandMadeJws DOOR = HandMadeJws.generate();
    private static final HandMadeJws OTHER = HandMadeJws.generate();
    private static final String MALFORMED =
            "it is not a compact JWS of JSON in canonical base64url";
    private static final String BASE64URL =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final String recipient = AgeKey.generate().recipient();
    private final String payload =
            ("{\"url\":\"https://door.example\",\"version\":3,\"since\":1900000000,"
                            + "\"until\":1900003600,\"recipients\":[\"%s\"],\"opens\":[\"00ff\"]}")
                    .formatted(recipient);

    @Test
    void readsADocumentSignedByAnotherImplementation() {
        RecipientsDocument document = valid(DOOR.sign(payload)).document();

        assertThat(valid(DOOR.sign(payload)).fingerprint()).isEqualTo(DOOR.fingerprint());
        assertThat(document.url()).isEqualTo("https://door.example");
        assertThat(document.version()).isEqualTo(3);
        assertThat(document.since()).isEqualTo(Instant.ofEpochSecond(1_900_000_000));
        assertThat(document.until()).isEqualTo(Instant.ofEpochSecond(1_900_003_600));
        assertThat(document.recipients()).extracting(Object::toString).containsExactly(recipient);
        assertThat(document.opens()).containsExactly("00ff");
    }

    @Test
    void readsBackWhatItSigned() throws IOException {
        RecipientsDocument document = valid(DOOR.sign(payload)).document();
        Ed25519Key key = Ed25519Key.parse(DOOR.privateJwk().getBytes(UTF_8));

        assertThat(valid(document.sign(key)))
                .isEqualTo(new Verification.Valid(document, DOOR.fingerprint()));
    }

    static Stream<Arguments> forgedHeaders() {
        return Stream.of(
                forged("its alg is not EdDSA", "\"EdDSA\"", "\"none\""),
                forged("its alg is not EdDSA", "\"EdDSA\"", "\"HS256\""),
                forged("its alg is not EdDSA", "\"EdDSA\"", "\"Ed25519\""),
                forged("its typ is not age-recipients", "age-recipients", "JWT"),
                forged("its kid is not the thumb", DOOR.fingerprint(), OTHER.fingerprint()),
                forged("its kid is not the thumb", DOOR.publicJwk(), OTHER.publicJwk()),
                forged(
                        "its jwk is not a public Ed25519 key",
                        DOOR.publicJwk(),
                        "\"" + DOOR.x() + "\""),
                forged("its jwk is not a public Ed25519 key", DOOR.publicJwk(), DOOR.privateJwk()),
                forged("its jwk is not a public Ed25519 key", "Ed25519", "Ed448"),
                forged(
                        "its header must have exactly alg, typ, kid and jwk",
                        "{\"alg",
                        "{\"b64\":true,\"alg"),
                forged(
                        "its header must have exactly alg, typ, kid and jwk",
                        "{\"alg",
                        "{\"crit\":[],\"alg"),
                forged(
                        "its header must have exactly alg, typ, kid and jwk",
                        "\"typ\":\"age-recipients\",",
                        ""),
                forged(MALFORMED, "{\"alg", "{\"alg\":\"EdDSA\",\"alg"));
    }

    private static Arguments forged(String why, String part, String other) {
        UnaryOperator<String> forgery = header -> header.replace(part, other);
        return Arguments.of(why, forgery.apply(DOOR.header()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgedHeaders")
    void rejectsAnotherHeaderEvenWithAValidSignature(String why, String header) {
        assertThat(header).isNotEqualTo(DOOR.header());
        assertThat(refused(DOOR.sign(header, payload))).startsWith(why);
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.signing.Ed25519PublicKeyTest#unsound")
    void rejectsAnUnsoundDoorKey(String x) {
        String header = DOOR.header().replace(DOOR.x(), x);

        assertThat(refused(DOOR.sign(header, payload)))
                .startsWith("its jwk is not a public Ed25519 key");
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.age.UnsoundRecipients#some")
    void rejectsAnUnsoundRecipient(String unsound) {
        assertThat(refused(DOOR.sign(payload.replace(recipient, unsound)))).contains("recipient");
    }

    @Test
    void rejectsASignatureByAnotherKeyWithTheSameKid() {
        assertThat(refused(OTHER.sign(DOOR.header(), payload))).isEqualTo("its signature is wrong");
    }

    @Test
    void rejectsADocumentWithoutSignature() {
        String header = DOOR.header().replace("EdDSA", "none");
        String none = HandMadeJws.base64url(header.getBytes(UTF_8)) + "." + part(payload) + ".";

        assertThat(refused(none)).isEqualTo("its alg is not EdDSA");
        String[] parts = DOOR.sign(payload).split("\\.");
        assertThat(refused(parts[0] + "." + parts[1] + ".")).isEqualTo("its signature is wrong");
    }

    @Test
    void rejectsThePublicKeyUsedAsAnHmacSecret() throws Exception {
        String input = part(DOOR.header().replace("EdDSA", "HS256")) + "." + part(payload);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(DOOR.publicJwk().getBytes(UTF_8), "HmacSHA256"));
        String forged = input + "." + HandMadeJws.base64url(mac.doFinal(input.getBytes(US_ASCII)));

        assertThat(refused(forged)).isEqualTo("its alg is not EdDSA");
    }

    @Test
    void rejectsAChangedPayload() {
        String[] parts = DOOR.sign(payload).split("\\.");

        assertThat(refused(parts[0] + "." + part(payload.replace(":3,", ":4,")) + "." + parts[2]))
                .isEqualTo("its signature is wrong");
    }

    @Test
    void rejectsNonCanonicalEncodings() {
        String good = DOOR.sign(payload);
        // a signature of 64 bytes leaves four bits of its last character unused
        char last = good.charAt(good.length() - 1);
        char twin = BASE64URL.charAt(BASE64URL.indexOf(last) + 1);

        assertThat(refused(good.substring(0, good.length() - 1) + twin)).isEqualTo(MALFORMED);
        assertThat(refused(good + "==")).isEqualTo(MALFORMED);
        assertThat(refused(good + "\n")).isEqualTo(MALFORMED);
        assertThat(refused(" " + good)).isEqualTo(MALFORMED);
        assertThat(refused(good + ".")).isEqualTo(MALFORMED);
        assertThat(refused("")).isEqualTo(MALFORMED);
        assertThat(refused("..")).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"version\":3`,`\"version\":3,\"version\":3`,it is not a compact JWS of JSON in canonical base64url",
                "`\"https://door.example\"`,1,its url is not a string",
                "`\"url\"`,`\"iss\"`,its url is not a string",
                "https://door,door,its url is not an http",
                "https://door,https://\\u001b[2Jdoor,its url is not an http",
                "`\"version\":3`,`\"version\":0`,its version is not a valid number",
                "`\"version\":3`,`\"version\":-1`,its version is not a valid number",
                "`\"version\":3`,`\"version\":3.0`,its version is not a valid number",
                "`\"version\":3`,`\"version\":\"3\"`,its version is not a valid number",
                "`\"version\":3`,`\"version\":9223372036854775808`,its version is not a valid number",
                "1900000000,-1,its since is not",
                "1900003600,null,its until is not",
                "1900003600,99999999999999,its until is not",
                "`[\"00ff\"]`,`\"00ff\"`,its opens is not an array",
                "`[\"00ff\"]`,[1],its opens is not a string",
                "age1,age2,its recipients cannot be sealed to",
                "`[\"age1`,`[\"age1\",\"age1`,its recipients cannot be sealed to"
            })
    void rejectsAMalformedPayload(String part, String other, String why) {
        String changed = payload.replace(part, other);

        assertThat(changed).isNotEqualTo(payload);
        assertThat(refused(DOOR.sign(changed))).startsWith(why);
    }

    @Test
    void rejectsMixedRecipients() {
        String postQuantum = HybridIdentity.generate().recipient().toString();
        String mixed = payload.replace(recipient, recipient + "\",\"" + postQuantum);
        String none = payload.replace("\"" + recipient + "\"", "");

        assertThat(List.of(mixed, none))
                .allSatisfy(
                        changed ->
                                assertThat(refused(DOOR.sign(changed)))
                                        .isEqualTo("its recipients cannot be sealed to"));
        assertThat(valid(DOOR.sign(payload.replace(recipient, postQuantum))).document())
                .extracting(RecipientsDocument::recipients)
                .asString()
                .contains(postQuantum);
    }

    @Test
    void rejectsADocumentOverTheLimit() {
        byte[] spaces = new byte[RecipientsDocument.LARGEST];
        Arrays.fill(spaces, (byte) ' ');

        assertThat(refused(DOOR.sign(payload + new String(spaces, US_ASCII))))
                .isEqualTo("it is longer than 65536 characters");
    }

    private static String part(String text) {
        return HandMadeJws.base64url(text.getBytes(UTF_8));
    }

    private static Verification.Valid valid(String jws) {
        return switch (RecipientsDocument.verify(jws)) {
            case Verification.Valid valid -> valid;
            case Verification.Refused(String why) -> throw new AssertionError(why);
        };
    }

    private static String refused(String jws) {
        return switch (RecipientsDocument.verify(jws)) {
            case Verification.Valid valid -> throw new AssertionError("It was believed: " + valid);
            case Verification.Refused(String why) -> why;
        };
    }
}
