package services.chorus.seqthink.cli;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.client.Addressee;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.DoorClient;
import services.chorus.seqthink.client.OutgoingRequest;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;

/** A command that calls a door as the holder of a token and a key. */
abstract class DoorCommand implements Callable<Integer> {

    private static final int KEY_CONFIG = 422;

    @ParentCommand RootCommand root;

    @Parameters(paramLabel = "URL", description = "The door's public URL.")
    String url;

    @Mixin RecipientOptions recipients;

    @Mixin DoorOptions door;

    @Mixin IdentityOptions identities;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "The access token.")
    Path tokenFile;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description = "The key that the token is bound to, as keygen --dpop writes it.")
    Path dpopKey;

    @Mixin TrustOptions trust;

    @Option(names = "--session", paramLabel = "NAME", description = "A history of its own.")
    String session;

    /** One way to send sealed bytes, once. */
    @FunctionalInterface
    interface Sender<T> {
        HttpResponse<T> send(Credentials caller, byte[] sealed)
                throws InterruptedException, CallFailed;
    }

    /**
     * What was sent last, and the answer to it.
     *
     * @param keys what opens the answer
     */
    record Sent<T>(OutgoingRequest request, HttpResponse<T> answer, List<KeyIdentity> keys) {}

    /**
     * The door that is called; the caller closes it.
     *
     * @param timeout how long each of its answers may take
     */
    final DoorClient door(Duration timeout) throws CommandFailed, CallFailed {
        return new DoorClient(url, timeout, trust.authorities());
    }

    /**
     * Seals a request and sends it; once more, under the same id, where the door cannot open it and
     * says credibly whom to seal to instead.
     *
     * @param route starts with a slash
     */
    final <T> Sent<T> send(DoorClient client, String route, byte[] plaintext, Sender<T> sender)
            throws IOException, InterruptedException, CommandFailed, CallFailed {
        List<KeyIdentity> keys = identities.all();
        try (Credentials caller = Credentials.read(tokenFile, Optional.ofNullable(dpopKey))) {
            return send(client, route, plaintext, caller, keys, sender);
        }
    }

    private <T> Sent<T> send(
            DoorClient client,
            String route,
            byte[] plaintext,
            Credentials caller,
            List<KeyIdentity> keys,
            Sender<T> sender)
            throws IOException, InterruptedException, CommandFailed, CallFailed {
        Addressing addressing =
                new Addressing(
                        caller.token(),
                        client.url() + route,
                        Optional.of(keys.getFirst().recipient()),
                        Optional.ofNullable(session));
        Addressee addressee =
                door.addressee(recipients, client, root.surroundings().sources().environment());
        OutgoingRequest request =
                OutgoingRequest.seal(
                        plaintext,
                        addressing,
                        addressee.recipients(),
                        Encoding.BINARY,
                        Instant.now());
        HttpResponse<T> answer = sender.send(caller, request.sealed());
        if (answer.statusCode() == KEY_CONFIG) {
            request =
                    request.sealAgain(plaintext, addressing, addressee.instead(), Encoding.BINARY);
            answer = sender.send(caller, request.sealed());
        }
        return new Sent<>(request, answer, keys);
    }
}
