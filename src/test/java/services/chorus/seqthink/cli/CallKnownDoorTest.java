package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;

/** {@code call} to a gateway that signs its recipients. */
class CallKnownDoorTest {

    @TempDir Path folder;
    @AutoClose private FakeGateway door;
    private final HandMadeJws signer = HandMadeJws.generate();
    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private Path known;

    @BeforeEach
    void startTheDoor() throws IOException {
        AgeKey caller = AgeKey.generate();
        OwnFile.write(folder.resolve("caller.key"), caller.secret());
        OwnFile.write(folder.resolve("token"), Canaries.note("token-of-" + caller.recipient()));
        known = folder.resolve("config").resolve("seqthink").resolve("known-doors.json");
        door = FakeGateway.start();
        door.advertise(signer, 1, first);
        door.open(first);
    }

    @Test
    void fetchesRecipientsOnceAndRemembersTheGateway() throws IOException {
        call("--trust-first-use").orFail();
        assertThat(knownDoor().get("fingerprint").textValue()).isEqualTo(signer.fingerprint());

        call().orFail();
        call("--door", signer.fingerprint()).orFail();
        call("--trust-first-use").orFail();

        assertThat(door.posts()).hasSize(4);
        assertThat(door.fetches()).isEqualTo(1);
    }

    @Test
    void fetchesRecipientsAgainAfterTheyExpire() throws IOException {
        call("--door", signer.fingerprint()).orFail();
        expireKnownRecipients();
        door.advertise(signer, 2, second);
        door.open(second);

        call().orFail();

        assertThat(door.fetches()).isEqualTo(2);
        assertThat(knownDoor().get("version").intValue()).isEqualTo(2);
    }

    @Test
    void keepsKnownGatewaysInTheGivenFile() {
        Path chosen = folder.resolve("doors.json");

        call("--trust-first-use", "--known-doors", chosen.toString()).orFail();

        assertThat(chosen).exists();
        assertThat(known).doesNotExist();
    }

    @Test
    void rejectsAnUnknownGatewayWithoutRecipients() {
        CommandRun run = call();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .startsWith(
                        "seqthink-wrapper call: this gateway is not known yet: give --door with");
        assertThat(door.fetches()).isZero();
        assertSentNothing();
    }

    @Test
    void rejectsRecipientsTogetherWithADoorKey() {
        assertThat(call("--door", signer.fingerprint(), "-r", first.recipient()).exitCode())
                .isEqualTo(2);
        assertThat(call("--door", signer.fingerprint(), "--trust-first-use").exitCode())
                .isEqualTo(2);
        assertSentNothing();
    }

    @Test
    void rejectsAGatewayWithAnotherFingerprint() {
        assertFails(call("--door", HandMadeJws.generate().fingerprint()), "wrong door key");
        assertSentNothing();
    }

    @Test
    void rejectsAGatewayWhoseKeyChanged() throws IOException {
        call("--trust-first-use").orFail();
        expireKnownRecipients();
        HandMadeJws other = HandMadeJws.generate();
        door.advertise(other, 2, second);
        JsonNode before = knownDoor();

        assertFails(call(), "the door key changed: ");
        assertFails(call("--trust-first-use"), "the door key changed: ");
        assertFails(call("--door", other.fingerprint()), "the door key changed: ");

        assertThat(door.posts()).hasSize(1);
        assertThat(knownDoor()).isEqualTo(before);
    }

    @Test
    void rejectsRolledBackRecipients() throws IOException {
        door.advertise(signer, 2, first);
        call("--trust-first-use").orFail();
        expireKnownRecipients();
        door.advertise(signer, 1, second);

        assertFails(call(), "the gateway's recipients were rolled back: ");
        assertThat(door.posts()).hasSize(1);
    }

    @Test
    void reportsThatAGatewayAdvertisesNoRecipients() throws IOException {
        try (FakeGateway silent = FakeGateway.start()) {
            assertFails(
                    callAt(silent.url(), "--trust-first-use"),
                    silent.url() + " does not advertise recipients: ask its operator");
        }
    }

    @Test
    void rejectsA422WithoutANewerDocument() {
        call("--trust-first-use").orFail();
        door.openNothing();

        assertFails(
                call(),
                "status 422: "
                        + door.url()
                        + " reports that it cannot decrypt for its own recipients");

        assertThat(door.posts()).hasSize(2);
    }

    @Test
    void rejectsA422WithADocumentOfAnotherKey() {
        call("--trust-first-use").orFail();
        door.openNothing();
        door.advertise(HandMadeJws.generate(), 2, second);

        assertFails(call(), "the door key changed: ");

        assertThat(door.posts()).hasSize(2);
    }

    @Test
    void sealsTheSameRequestAgainToTheRecipientOfANewerDocument() throws IOException {
        call("--trust-first-use").orFail();
        door.open(second);
        door.advertise(signer, 2, second);

        JsonNode result = new ObjectMapper().readTree(call().orFail());

        assertThat(result.get("b").intValue()).isEqualTo(2);
        assertThat(door.posts()).hasSize(3);
        JsonNode refused = Client.open(door.posts().get(1), first);
        JsonNode again = Client.open(door.posts().get(2), second);
        assertThat(again.get("request_id")).isEqualTo(refused.get("request_id"));
        assertThat(again.get("payload")).isEqualTo(refused.get("payload"));
        // a later time would make an id acceptable that the gateway has forgotten
        assertThat(again.get("issued_at")).isEqualTo(refused.get("issued_at"));
        assertThat(knownDoor().get("version").intValue()).isEqualTo(2);
    }

    @Test
    void makesANewProofForEachAttempt() throws Exception {
        HandMadeJws key = HandMadeJws.generate();
        Path file = OwnFile.write(folder.resolve("dpop.jwk"), key.privateJwk());
        String token = Files.readString(folder.resolve("token"));
        call("--trust-first-use", "--dpop-key", file.toString()).orFail();
        door.open(second);
        door.advertise(signer, 2, second);

        call("--dpop-key", file.toString()).orFail();

        List<String> proofs = door.proofs();
        assertThat(door.posts()).hasSize(3);
        assertThat(proofs).hasSize(3);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            String[] parts = proofs.get(i).split("\\.");
            String signed = parts[0] + "." + parts[1];
            assertThat(parts[2])
                    .isEqualTo(HandMadeJws.base64url(key.signature(signed.getBytes(US_ASCII))));
            JsonNode header = decoded(parts[0]);
            assertThat(header.get("typ").textValue()).isEqualTo("dpop+jwt");
            assertThat(header.get("alg").textValue()).isEqualTo("EdDSA");
            assertThat(header.get("jwk")).isEqualTo(new ObjectMapper().readTree(key.publicJwk()));
            JsonNode claims = decoded(parts[1]);
            assertThat(claims.get("htm").textValue()).isEqualTo("POST");
            assertThat(claims.get("htu").textValue()).isEqualTo(door.url() + "/mcp/tool");
            assertThat(claims.get("ath").textValue())
                    .isEqualTo(Client.sha256(token.getBytes(US_ASCII)));
            assertThat(claims.get("request_hash").textValue())
                    .isEqualTo(Client.sha256(door.posts().get(i)));
            assertThat(claims.get("iat").longValue())
                    .isCloseTo(Instant.now().getEpochSecond(), within(60L));
            ids.add(claims.get("jti").textValue());
        }
        assertThat(ids).hasSize(3).allSatisfy(id -> assertThat(id).hasSize(22));
    }

    private static JsonNode decoded(String part) throws IOException {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    @Test
    void rejectsADpopKeyFileThatIsMalformed() throws IOException {
        Path file = folder.resolve("dpop.jwk");
        assertFails(call("--trust-first-use", "--dpop-key", file.toString()), "there is no file");
        OwnFile.write(file, signer.publicJwk());
        assertFails(
                call("--trust-first-use", "--dpop-key", file.toString()),
                file + " is not a key that keygen --dpop wrote: The JWK must have exactly");
        assertSentNothing();
    }

    @Test
    void sealsAgainOnceOnly() {
        call("--trust-first-use").orFail();
        door.openNothing();
        door.advertise(signer, 2, second);

        assertFails(call(), "the answer is not sealed (status 422)");

        assertThat(door.posts()).hasSize(3);
    }

    @Test
    void fetchesNoRecipientsWhenSomeAreGiven() {
        assertFails(
                call("-r", second.recipient()),
                "status 422: the gateway has no identity for the recipients given; ask its operator");
        assertThat(door.fetches()).isZero();
        assertThat(door.posts()).hasSize(1);
    }

    @Test
    void sendsNoTokenUnencrypted() {
        for (String url : new String[] {"http://door.example", "http://127.0.0.1.example:1"}) {
            assertFails(
                    callAt(url, "-r", first.recipient()),
                    url + " would send the token unencrypted: use https");
        }
        assertFails(
                callAt("ftp://door.example", "-r", first.recipient()),
                "ftp://door.example is not the URL of a gateway");
    }

    private void assertSentNothing() {
        assertThat(door.posts()).isEmpty();
        assertThat(known).doesNotExist();
    }

    private static void assertFails(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.errors()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors().lines())
                .singleElement()
                .asString()
                .startsWith("seqthink-wrapper call: " + message)
                .doesNotContain("lie");
    }

    private JsonNode knownDoor() throws IOException {
        return new ObjectMapper().readTree(known.toFile()).get(door.url());
    }

    private void expireKnownRecipients() throws IOException {
        String ended = Files.readString(known).replaceFirst("\"until\" : \\d+", "\"until\" : 1");
        assertThat(ended).contains("\"until\" : 1,");
        Files.writeString(known, ended);
    }

    private CommandRun call(String... options) {
        return callAt(door.url(), options);
    }

    private CommandRun callAt(String url, String... options) {
        String[] command = {
            "call",
            url,
            "-i",
            folder.resolve("caller.key").toString(),
            "--token-file",
            folder.resolve("token").toString()
        };
        return CommandRun.in(
                Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString()),
                Client.thought(Canaries.thought()).toString().getBytes(UTF_8),
                Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new));
    }
}
