package services.chorus.seqthink.sealing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519Key.Ed25519KeyException;

/** Validates the settings of sealing together, and the files they name. */
public final class SealingCheck {

    private SealingCheck() {}

    /**
     * Returns the faults that prevent a start; reads the files.
     *
     * @param dev whether encryption may be left unconfigured
     */
    public static List<Fault> faults(SealingConfig config, boolean dev) {
        List<Fault> faults = new ArrayList<>();
        Optional<Path> identities = config.identities();
        Optional<Path> recipients = config.recipients();
        if (identities.isPresent()) {
            broken(
                            SealingConfig.IDENTITIES,
                            identities.get(),
                            content -> IdentitiesFile.read(content).close())
                    .ifPresent(faults::add);
        } else if (!dev) {
            faults.add(
                    new Fault(
                            SealingConfig.IDENTITIES,
                            "is not set",
                            "set it to an identities file; the command keygen creates one"));
        } else if (recipients.isPresent()) {
            faults.add(
                    new Fault(
                            SealingConfig.IDENTITIES,
                            "is not set although AGE_RECIPS_PATH is",
                            "set both, or neither for development without encryption"));
        }
        if (recipients.isPresent()) {
            broken(SealingConfig.RECIPIENTS, recipients.get(), Keyring::readRecipients)
                    .ifPresent(faults::add);
        } else if (!config.requireBound() && (!dev || identities.isPresent())) {
            faults.add(
                    new Fault(
                            SealingConfig.RECIPIENTS,
                            "is not set although REQUIRE_BOUND is false",
                            "set it to the recipients of replies to bare requests, or unset"
                                    + " REQUIRE_BOUND"));
        }
        config.doorKey()
                .flatMap(
                        file ->
                                broken(
                                        SealingConfig.DOOR_KEY,
                                        file,
                                        c -> Ed25519Key.parse(c).close()))
                .map(fault -> fault.withHint("keygen --door -o FILE creates a new key"))
                .ifPresent(faults::add);
        return faults;
    }

    /** Returns what an operator should know about valid settings; reads the files. */
    public static List<String> warnings(SealingConfig config) {
        List<String> warnings = new ArrayList<>();
        if (!config.requireBound()) {
            warnings.add(
                    "REQUIRE_BOUND is false: bare requests are not bound to a token, and anybody who"
                            + " sees one can replay it; every key in AGE_RECIPS_PATH opens all"
                            + " replies to them");
            config.identities()
                    .filter(file -> haveOneKeyForAll(file, config.recipients()))
                    .ifPresent(
                            files ->
                                    warnings.add(
                                            "AGE_RECIPS_PATH contains a recipient of"
                                                    + " AGE_IDENT_PATH: callers who can open"
                                                    + " replies to bare requests can open every"
                                                    + " caller's requests too; give those callers"
                                                    + " an identity of their own, and then rotate"
                                                    + " the gateway's identity"));
        }
        if (config.identities().isPresent() && config.doorKey().isEmpty()) {
            warnings.add(
                    "DOOR_KEY_PATH is not set: the gateway does not publish its recipients, so give"
                            + " callers the recipient by hand, again after every rotation");
        }
        return warnings;
    }

    private static boolean haveOneKeyForAll(Path identities, Optional<Path> recipients) {
        try {
            Keyring keyring = Keyring.read(identities, recipients);
            boolean one = keyring.opensItsOwnReplies();
            keyring.identities().forEach(KeyIdentity::close);
            return one;
        } catch (FaultyFileException e) {
            return false;
        }
    }

    private static Optional<Fault> broken(String variable, Path file, Reading reading) {
        try (FileSnapshot snapshot = FileSnapshot.of(file)) {
            reading.read(snapshot.content(file));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(broken(variable, e));
        }
    }

    static Fault broken(String variable, IOException why) {
        return switch (why) {
            case AgeException _, Ed25519KeyException _ ->
                    FileFault.broken(variable, why.getMessage());
            default -> FileFault.unread(variable, why);
        };
    }

    private interface Reading {
        void read(byte[] content) throws IOException;
    }
}
