package services.chorus.seqthink.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.client.KnownGateways.Trust;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.testing.AgeKey;

class KnownGatewaysTest {

    private static final String URL = "https://door.example";
    private static final Instant NOW = Instant.ofEpochSecond(1_900_000_000);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Trust KNOWN_ONLY = new Trust.KnownOnly();
    private static final Trust FIRST_USE = new Trust.FirstUse();

    @TempDir Path folder;
    private final Ed25519Key key = Ed25519Key.generate();
    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private Path file;

    @BeforeEach
    void chooseAFile() {
        file = folder.resolve("client").resolve("known-doors.json");
    }

    @Test
    void remembersAGatewayAfterTheFirstCall() throws IOException {
        KnownGateway door = trusted(document(1, first), FIRST_USE);

        assertThat(door.fingerprint()).isEqualTo(key.fingerprint());
        assertThat(door.recipients()).containsExactly(first.identity().recipient());
        assertThat(door.until()).isEqualTo(NOW.plus(LIFE));
        assertThat(at(NOW).find(URL)).hasValue(door);
        assertThat(at(NOW).find("https://other.example")).isEmpty();
        assertThat(trusted(document(1, first), KNOWN_ONLY)).isEqualTo(door);
    }

    @Test
    void acceptsTheGatewayOfAGivenFingerprint() throws IOException {
        assertThat(trusted(document(1, first), new Trust.Fingerprint(key.fingerprint())))
                .isEqualTo(trusted(document(1, first), KNOWN_ONLY));
    }

    @Test
    void rejectsAnUnknownGateway() throws IOException {
        assertThat(refused(document(1, first), KNOWN_ONLY))
                .startsWith(URL + " is not known yet: ask its operator");
        assertThat(file).doesNotExist();
    }

    @Test
    void rejectsAKeyOfAnotherFingerprint() throws IOException {
        String told = Ed25519Key.generate().fingerprint();

        assertThat(refused(document(1, first), new Trust.Fingerprint(told)))
                .startsWith("wrong door key")
                .contains(told, key.fingerprint());
        assertThat(at(NOW).find(URL)).isEmpty();
    }

    @Test
    void rejectsAChangedKeyUnderEveryTrust() throws IOException {
        KnownGateway door = trusted(document(1, first), FIRST_USE);
        Ed25519Key other = Ed25519Key.generate();
        String forged = document(URL, 2, NOW, NOW.plus(LIFE), second).sign(other);

        for (Trust trust :
                List.of(KNOWN_ONLY, FIRST_USE, new Trust.Fingerprint(other.fingerprint()))) {
            assertThat(refused(forged, trust))
                    .startsWith("the door key changed")
                    .contains(file.toString(), key.fingerprint(), other.fingerprint());
        }
        assertThat(at(NOW).find(URL)).hasValue(door);
    }

    @Test
    void acceptsAHigherVersionAndThenNoLowerOne() throws IOException {
        trusted(document(1, first), FIRST_USE);
        KnownGateway newer = trusted(document(7, second), KNOWN_ONLY);

        assertThat(newer.recipients()).containsExactly(second.identity().recipient());
        assertThat(refused(document(6, first), KNOWN_ONLY))
                .startsWith("the gateway's recipients were rolled back: version 7 of");
        assertThat(at(NOW).find(URL)).hasValue(newer);
    }

    @Test
    void rejectsOtherRecipientsUnderTheSameVersion() throws IOException {
        trusted(document(2, first), FIRST_USE);

        assertThat(refused(document(2, second), KNOWN_ONLY))
                .startsWith(
                        "version 2 of the recipients of "
                                + URL
                                + " has changed without a new version");
    }

    @Test
    void rejectsTheDocumentOfAnotherGateway() throws IOException {
        String other = "https://other.example";
        String document = document(other, 1, NOW, NOW.plus(LIFE), first).sign(key);

        assertThat(refused(document, FIRST_USE))
                .startsWith("the recipients are those of " + other + ", not of " + URL);
    }

    @Test
    void rejectsADocumentOutsideItsValidity() throws IOException {
        String document = document(1, first);

        assertThat(refused(at(NOW.plus(LIFE)), document, FIRST_USE))
                .startsWith("the recipients expired at " + NOW.plus(LIFE));
        assertThat(refused(at(NOW.minusSeconds(61)), document, FIRST_USE))
                .startsWith("the recipients were signed at " + NOW + ", which is in the future");
        assertThat(at(NOW.minusSeconds(60)).accept(document, URL, FIRST_USE).version())
                .isEqualTo(1);
    }

    @Test
    void rejectsAnUnsignedDocument() throws IOException {
        assertThat(refused("document", FIRST_USE))
                .startsWith("the gateway's recipients are not valid, it is not a compact JWS");
    }

    @Test
    void usesTheRecipientsUntilTheDocumentExpires() throws IOException {
        KnownGateway door = trusted(document(1, first), FIRST_USE);

        assertThat(at(NOW.plus(LIFE).minusMillis(1)).isCurrent(door)).isTrue();
        assertThat(at(NOW.plus(LIFE)).isCurrent(door)).isFalse();
    }

    @Test
    void keepsTheLaterExpiryOfTheSameVersion() throws IOException {
        KnownGateway door = trusted(document(1, first), FIRST_USE);
        String older = document(URL, 1, NOW.minusSeconds(9), NOW.plusSeconds(9), first).sign(key);

        assertThat(trusted(older, KNOWN_ONLY)).isEqualTo(door);
    }

    @Test
    void writesAFileThatOnlyItsOwnerReads() throws IOException {
        trusted(document(1, first), FIRST_USE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).endsWith("}\n");
    }

    @Test
    void rejectsAMalformedFileAndKeepsIt() throws IOException {
        trusted(document(1, first), FIRST_USE);
        String good = Files.readString(file);

        for (String broken :
                List.of(
                        "",
                        good + good,
                        good.replace("version", "v"),
                        good.replace("\"age1", "\"age2"),
                        good.replace(key.fingerprint() + "\"", key.fingerprint() + "\",\"a\":["))) {
            Files.writeString(file, broken);
            assertThatIOException()
                    .isThrownBy(() -> at(NOW).accept(document(1, first), URL, FIRST_USE))
                    .withMessageStartingWith(file + " is malformed: repair it, or remove it");
            assertThat(file).hasContent(broken);
        }
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.age.UnsoundRecipients#some")
    void rejectsAFileWithAnUnsoundRecipient(String unsound) throws IOException {
        trusted(document(1, first), FIRST_USE);
        Files.writeString(file, Files.readString(file).replace(first.recipient(), unsound));

        assertThatIOException()
                .isThrownBy(() -> at(NOW).find(URL))
                .withMessageContaining("is malformed");
    }

    @Test
    void losesNoGatewayThatAnotherThreadAdds() throws Exception {
        List<String> urls =
                IntStream.range(0, 20).mapToObj(i -> "https://%d.example".formatted(i)).toList();
        KnownGateways doors = at(NOW);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<KnownGateway>> meetings =
                    urls.stream()
                            .<Callable<KnownGateway>>map(url -> () -> meet(doors, url))
                            .toList();
            for (Future<KnownGateway> met : threads.invokeAll(meetings)) {
                assertThat(met.get().fingerprint()).isEqualTo(key.fingerprint());
            }
        }
        for (String url : urls) {
            assertThat(at(NOW).find(url)).isPresent();
        }
    }

    private KnownGateway meet(KnownGateways doors, String url) throws IOException {
        return doors.accept(document(url, 1, NOW, NOW.plus(LIFE), first).sign(key), url, FIRST_USE);
    }

    private KnownGateways at(Instant now) {
        return new KnownGateways(file, InstantSource.fixed(now));
    }

    private String document(long version, AgeKey recipient) {
        return document(URL, version, NOW, NOW.plus(LIFE), recipient).sign(key);
    }

    private static RecipientsDocument document(
            String url, long version, Instant since, Instant until, AgeKey recipient) {
        return new RecipientsDocument(
                url,
                version,
                since,
                until,
                List.of(recipient.identity().recipient()),
                List.of(recipient.identity().recipient().fingerprint()));
    }

    private KnownGateway trusted(String document, Trust trust) throws IOException {
        return at(NOW).accept(document, URL, trust);
    }

    private String refused(String document, Trust trust) {
        return refused(at(NOW), document, trust);
    }

    private static String refused(KnownGateways doors, String document, Trust trust) {
        return assertThatExceptionOfType(CallFailed.class)
                .isThrownBy(() -> doors.accept(document, URL, trust))
                .actual()
                .getMessage();
    }
}
