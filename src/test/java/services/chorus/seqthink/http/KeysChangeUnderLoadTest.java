package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.sealing.IdentitiesFile;
import services.chorus.seqthink.sealing.Rotation;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** A complete gateway under load while its keys change. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.sealing.require-bound", value = "false"),
            @ResourceArg(name = "seqthink.gateway.max-inflight-mb", value = "62")
        })
class KeysChangeUnderLoadTest {

    private static final int SENDERS = 3;
    private static final int CALLS_PER_FETCH = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    Door door;

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bound = new AtomicInteger();
    private final AtomicInteger bare = new AtomicInteger();
    private volatile boolean over;

    @AfterEach
    void stopTheLoad() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void noValidCallFailsWhileKeysChange() throws Exception {
        AgeKey newReader = AgeKey.generate();
        String first = advertised();
        for (int i = 0; i < SENDERS; i++) {
            threads.add(Thread.ofPlatform().start(this::sendBound));
        }
        threads.add(
                Thread.ofPlatform().start(() -> sendBare(List.of(door.bareReader(), newReader))));

        rotate(rotation -> rotation.prepare(X25519Identity::generate));
        awaitKeys(2);
        rotate(Rotation::promote);
        awaitVersion(2);
        passSomeLoad();
        Files.writeString(door.recipients(), newReader.recipient() + "\n");
        passSomeLoad();
        await().atMost(PATIENCE).until(() -> bareReplyOpensWith(newReader));

        String current = advertised();
        String old = KeyRecipient.parse(first).fingerprint();
        rotate(rotation -> rotation.retire(old));
        awaitKeys(1);
        passSomeLoad();

        assertThat(failures).isEmpty();
        assertThat(current).isNotEqualTo(first);
        assertThat(statusOfACallSealedTo(first)).isEqualTo(422);
        assertThat(statusOfACallSealedTo(current)).isEqualTo(200);
    }

    private void sendBound() {
        Client caller = Client.stranger(door);
        while (!over) {
            String recipient = advertised();
            for (int i = 0; i < CALLS_PER_FETCH; i++) {
                Response reply = caller.post(sealed(caller.request(Canaries.thought()), recipient));
                if (reply.statusCode() != 200
                        || caller.open(reply).get("status").intValue() != 200) {
                    failures.add("a bound call: " + reply.statusCode());
                }
                bound.incrementAndGet();
            }
        }
    }

    private void sendBare(List<AgeKey> readers) {
        while (!over) {
            Response reply = bareCall();
            if (reply.statusCode() != 200
                    || readers.stream().noneMatch(reader -> opens(reply, reader))) {
                failures.add("a bare call: " + reply.statusCode());
            }
            bare.incrementAndGet();
        }
    }

    private Response bareCall() {
        Client caller = Client.stranger(door);
        ObjectNode request = caller.request(Canaries.thought());
        request.retain("tool", "payload");
        return caller.post(sealed(request, advertised()));
    }

    private boolean bareReplyOpensWith(AgeKey reader) {
        return opens(bareCall(), reader);
    }

    private static boolean opens(Response reply, AgeKey reader) {
        try {
            return Client.open(reply.asByteArray(), reader).has("result");
        } catch (AssertionError e) {
            return false;
        }
    }

    private int statusOfACallSealedTo(String recipient) {
        Client caller = Client.stranger(door);
        return caller.post(sealed(caller.request(Canaries.thought()), recipient)).statusCode();
    }

    private static byte[] sealed(ObjectNode request, String recipient) {
        return Client.sealed(request, recipient, Encoding.BINARY);
    }

    private void passSomeLoad() {
        int boundBefore = bound.get();
        int bareBefore = bare.get();
        await().atMost(PATIENCE)
                .until(() -> bound.get() > boundBefore + 20 && bare.get() > bareBefore + 5);
    }

    private interface Step {
        IdentitiesFile of(Rotation rotation) throws Rotation.RefusedException;
    }

    private void rotate(Step step) throws Exception {
        byte[] content = Files.readAllBytes(door.identities());
        IdentitiesFile after = step.of(new Rotation(IdentitiesFile.read(content), Instant.now()));
        Files.write(door.identities(), after.write());
    }

    private static String advertised() {
        return document().at("/recipients/0").textValue();
    }

    private static JsonNode document() {
        String jws =
                given().get("/.well-known/age-recipients")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString();
        try {
            return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(jws.split("\\.")[1]));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitVersion(int version) {
        await().atMost(PATIENCE).until(() -> document().get("version").intValue() == version);
    }

    private static void awaitKeys(int keys) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                when().get("/metrics")
                                        .asString()
                                        .contains("seqthink_keyring_keys " + keys + ".0"));
    }
}
