package services.chorus.seqthink.issuer.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;

class SigningKeysTest {

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void makesAFileThatOnlyItsOwnerReads() throws IOException {
        SigningKeys keys = TestKeys.open(path(), clock);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void opensTheSameKeyAgain() {
        SigningKeys first = TestKeys.open(path(), clock);
        SigningKeys again = TestKeys.open(path(), clock);

        assertThat(again.signing().kid()).isEqualTo(first.signing().kid());
        assertThat(again.signing().pair().getPrivate())
                .isEqualTo(first.signing().pair().getPrivate());
        assertThat(again.jwks()).isEqualTo(first.jwks());
    }

    @Test
    void storesTheKeyAndItsTimes() throws IOException {
        TestKeys.open(path(), clock);

        JsonNode key = new ObjectMapper().readTree(path().toFile()).path("keys").path(0);
        assertThat(key.path("alg").asText()).isEqualTo("RS256");
        for (String time : List.of("created_at", "published_at", "signs_from")) {
            assertThat(key.path(time).asText()).isEqualTo(clock.instant().toString());
        }
        assertThat(key.properties()).extracting(Map.Entry::getKey).doesNotContain("state");
    }

    @Test
    void namesAKeyByItsThumbprint() throws Exception {
        SigningKeys keys = TestKeys.open(path(), clock);

        JsonNode jwk = new ObjectMapper().readTree(keys.jwks()).path("keys").path(0);
        // RFC 7638 section 3: required members only, in lexicographic order, no white space
        String canonical =
                "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}"
                        .formatted(jwk.path("e").asText(), jwk.path("n").asText());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8));
        assertThat(jwk.path("kid").asText())
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(digest))
                .isEqualTo(keys.signing().kid());
    }

    @Test
    void publishesOnlyThePublicKey() throws IOException {
        SigningKeys keys = TestKeys.open(path(), clock);

        JsonNode jwk = new ObjectMapper().readTree(keys.jwks()).path("keys").path(0);
        Set<String> members = new TreeSet<>();
        jwk.fieldNames().forEachRemaining(members::add);
        assertThat(members).containsExactly("alg", "e", "kid", "kty", "n", "use");
        assertThat(jwk.path("alg").asText()).isEqualTo("RS256");
        assertThat(jwk.path("use").asText()).isEqualTo("sig");
        byte[] modulus = Base64.getUrlDecoder().decode(jwk.path("n").asText());
        assertThat(new BigInteger(1, modulus).bitLength()).isEqualTo(2048);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[null]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kid\":\"k\",\"created_at\":\"2030-01-01T00:00:00Z\","
                        + "\"state\":\"SIGNING\",\"pkcs8\":\"c2VjcmV0\"}]}",
                "{\"keys\":[{\"kid\":\"k\",\"alg\":\"HS256\",\"created_at\":\"2030-01-01T00:00:00Z\","
                        + "\"signs_from\":\"2030-01-01T00:00:00Z\",\"pkcs8\":\"c2VjcmV0\"}]}",
                "{\"keys\":[{\"kid\":\"k\",\"created_at\":\"2030-01-01T00:00:00Z\","
                        + "\"pkcs8\":\"c2VjcmV0\"}]}",
                "{\"keys\":[{\"kid\":\"k\",\"created_at\":\"2030-01-01T00:00:00Z\","
                        + "\"signs_from\":\"2030-01-01T00:00:00Z\"}]}",
            })
    void leavesABrokenFileUnchanged(String content) throws IOException {
        Files.writeString(path(), content);

        assertThatThrownBy(() -> TestKeys.open(path(), clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("keys.json is broken")
                .hasMessageNotContaining("c2VjcmV0");
        assertThat(path()).hasContent(content);
    }

    @Test
    void rejectsAKeyWithAWrongKid() throws IOException {
        String kid = TestKeys.open(path(), clock).signing().kid();
        Files.writeString(path(), Files.readString(path()).replace(kid, "another"));

        assertThatThrownBy(() -> TestKeys.open(path(), clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("kid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'alg':'RS256','typ':'at+jwt','kid':5}",
                "{'alg':'RS256','typ':5,'kid':'KID'}",
                "{'alg':5,'typ':'at+jwt','kid':'KID'}",
                "{'alg':'RS256','typ':'at+jwt','kid':'KID','crit':5}",
                "{'alg':'RS256','typ':'at+jwt'}",
                "[]",
                "",
            })
    void verifiesNothingWithAnotherHeader(String header) {
        SigningKeys keys = TestKeys.open(path(), clock);
        String token = keys.sign("at+jwt", "{}");
        String json = header.replace('\'', '"').replace("KID", keys.signing().kid());
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));

        assertThat(keys.verified("at+jwt", encoded + token.substring(token.indexOf('.'))))
                .isEmpty();
        assertThat(keys.verified("at+jwt", token)).isPresent();
    }

    @Test
    void makesOneKeyWhenSeveralProcessesStartAtOnce() throws Exception {
        assertThat(kidsOfThree(AnotherProcess.class))
                .containsExactly(TestKeys.open(path(), clock).signing().kid());
    }

    @Test
    void makesOneNextKeyWhenSeveralProcessesRotateAtOnce() throws Exception {
        clock.advance(TestKeys.ROTATION.multipliedBy(-2).plus(sinceTheClocksTime()));
        String first = TestKeys.open(path(), clock).signing().kid();

        Set<String> kids = kidsOfThree(AnotherRotator.class);

        List<String> published = published(TestKeys.open(path(), InstantSource.system()));
        assertThat(published).hasSize(2).startsWith(first);
        assertThat(kids).containsExactly(published.getLast());
    }

    private Set<String> kidsOfThree(Class<?> main) throws Exception {
        List<Process> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    main.getName(),
                                    path().toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        }
        Set<String> kids = new TreeSet<>();
        for (Process other : others) {
            kids.add(new String(other.getInputStream().readAllBytes(), UTF_8));
            assertThat(other.waitFor()).isZero();
        }
        return kids;
    }

    private Duration sinceTheClocksTime() {
        return Duration.between(clock.instant(), Instant.now());
    }

    private static List<String> published(SigningKeys keys) throws IOException {
        return new ObjectMapper().readTree(keys.jwks()).findValuesAsText("kid");
    }

    @Test
    void startsAfterACrashBeforeTheRename() throws IOException {
        Path leftOver = Files.writeString(folder.resolve("keys.json.tmp"), "{\"keys\":[{\"ki");
        Files.setPosixFilePermissions(leftOver, PosixFilePermissions.fromString("rw-rw-rw-"));

        SigningKeys keys = TestKeys.open(path(), clock);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(leftOver).doesNotExist();
        assertThat(TestKeys.open(path(), clock).jwks()).isEqualTo(keys.jwks());
    }

    @Test
    void keepsItsKeyAfterACrashOfALaterWrite() throws IOException {
        SigningKeys before = TestKeys.open(path(), clock);
        Files.writeString(folder.resolve("keys.json.tmp"), "{\"keys\":[{\"ki");

        assertThat(TestKeys.open(path(), clock).jwks()).isEqualTo(before.jwks());
    }

    @Test
    void saysWhatToDoWhenTheFolderIsMissing() {
        Path nowhere = folder.resolve("nowhere").resolve("keys.json");

        assertThatThrownBy(() -> TestKeys.open(nowhere, clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void hidesPrivateKeysInItsText() throws IOException {
        SigningKeys keys = TestKeys.open(path(), clock);

        String pkcs8 = new ObjectMapper().readTree(path().toFile()).findPath("pkcs8").asText();
        assertThat(pkcs8).hasSizeGreaterThan(1000);
        assertThat(keys.toString())
                .contains(keys.signing().kid())
                .doesNotContain(pkcs8.substring(100, 120));
    }

    /** Opens the keys at the given path and prints the kid of the current one. */
    static final class AnotherProcess {

        private AnotherProcess() {}

        public static void main(String... args) {
            SigningKeys keys = TestKeys.open(Path.of(args[0]), InstantSource.system());
            System.out.print(keys.signing().kid());
        }
    }

    /** Maintains the keys at the given path and prints the kid of the next one. */
    static final class AnotherRotator {

        private AnotherRotator() {}

        public static void main(String... args) throws IOException {
            SigningKeys keys = TestKeys.open(Path.of(args[0]), InstantSource.system());
            keys.maintain();
            System.out.print(published(keys).getLast());
        }
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}
