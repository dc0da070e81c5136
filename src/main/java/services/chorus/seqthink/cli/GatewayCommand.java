package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.GatewayClient;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.client.KnownGateways;
import services.chorus.seqthink.client.KnownGateways.Trust;
import services.chorus.seqthink.client.RecipientSource;

/** A command that calls a gateway as the holder of a token and of identities. */
abstract class GatewayCommand extends BaseCommand {

    @Parameters(paramLabel = "URL", description = "The door's public URL.")
    String url;

    @Mixin RecipientOptions recipients;

    @ArgGroup Introduction introduction = new Introduction();

    @Option(
            names = "--known-doors",
            paramLabel = "FILE",
            description =
                    "Where known doors are kept (default: seqthink/known-doors.json in"
                            + " $XDG_CONFIG_HOME or ~/.config).")
    Optional<Path> knownDoors;

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
    Optional<Path> dpopKey;

    @Mixin TrustOptions trust;

    @Option(names = "--session", paramLabel = "NAME", description = "A history of its own.")
    Optional<String> session;

    /** Why the key of a gateway is trusted that is not known yet. */
    static final class Introduction {

        @Option(
                names = "--door",
                paramLabel = "FINGERPRINT",
                description = "Ask the door whom to seal to; its key has this fingerprint.")
        Optional<String> fingerprint;

        @Option(
                names = "--trust-first-use",
                description = "Ask the door whom to seal to, and take its key on trust this once.")
        boolean firstUse;

        Trust trust() {
            return fingerprint
                    .<Trust>map(Trust.Fingerprint::new)
                    .orElseGet(() -> firstUse ? new Trust.FirstUse() : new Trust.KnownOnly());
        }
    }

    /** The caller, to be closed. */
    final Credentials credentials() throws IOException, CallFailed {
        List<KeyIdentity> all = identities.all();
        String token = Credentials.readToken(tokenFile);
        return new Credentials(token, Credentials.readDpopKey(dpopKey), all);
    }

    /**
     * The gateway, to be closed before the caller.
     *
     * @param timeout how long each of its answers may take
     */
    final GatewayClient gateway(Credentials caller, Duration timeout)
            throws IOException, CommandFailed, CallFailed {
        return new GatewayClient(
                url,
                recipientSource(),
                caller,
                new Timeouts(timeout, context().silence()),
                trust.authorities());
    }

    private RecipientSource recipientSource() throws IOException, CallFailed {
        Trust reason = introduction.trust();
        boolean introduced = !(reason instanceof Trust.KnownOnly);
        if (recipients.given()) {
            if (introduced) {
                throw misuse("Give recipients, or let the door say them, but not both");
            }
            return new RecipientSource.Given(recipients.all());
        }
        Path file =
                knownDoors.orElseGet(
                        () -> KnownGateways.defaultFile(context().sources().environment()));
        KnownGateways known = new KnownGateways(file, InstantSource.system());
        if (!introduced && known.find(GatewayClient.checked(url)).isEmpty()) {
            throw misuse(
                    "Say whom to seal to: with --door and the fingerprint of the door's key, or"
                            + " with --recipient or -R");
        }
        return new RecipientSource.Signed(known, reason);
    }
}
