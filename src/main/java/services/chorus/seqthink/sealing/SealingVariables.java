package services.chorus.seqthink.sealing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.files.Glimpse;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519KeyException;

/** The sealing room's variables and the rules between them. */
public final class SealingVariables {

    static final String IDENTITIES = "AGE_IDENT_PATH";
    static final String RECIPIENTS = "AGE_RECIPS_PATH";
    static final String DOOR_KEY = "DOOR_KEY_PATH";

    private static final List<Variable> ALL =
            List.of(
                    Variable.of(
                            IDENTITIES,
                            "seqthink.sealing.identities",
                            Form.path(),
                            "Mandatory. Identities file, one a line: the first is current, the"
                                    + " rest still open."),
                    Variable.of(
                            RECIPIENTS,
                            "seqthink.sealing.recipients",
                            Form.path(),
                            "Recipients file: whom replies to bare requests are sealed to; needed"
                                    + " only with `REQUIRE_BOUND=false`. Whoever holds one of its"
                                    + " keys can read all such replies."),
                    Variable.of(
                            DOOR_KEY,
                            "seqthink.sealing.door-key",
                            Form.path(),
                            "Key that signs `/.well-known/age-recipients`; `keygen --door` makes"
                                    + " one. Without it callers must be given recipients by"
                                    + " hand."),
                    Variable.of(
                            "REQUIRE_BOUND",
                            "seqthink.sealing.require-bound",
                            "true",
                            Form.flag(),
                            "`false` also takes the original wrapper's bare requests, which nothing"
                                    + " binds to their token."),
                    Variable.of(
                            "REPLAY_WINDOW",
                            "seqthink.sealing.replay-window",
                            "60s",
                            Form.duration(Duration.ofSeconds(5), Duration.ofMinutes(10)),
                            "How far a request's `issued_at` may be from this service's clock."),
                    Variable.of(
                            "REPLAY_QUOTA",
                            "seqthink.sealing.replay-quota",
                            "10000",
                            Form.number(10, 1_000_000),
                            "How many requests of one caller are remembered, each for twice"
                                    + " `REPLAY_WINDOW`; more are refused with 503."));

    private SealingVariables() {}

    /** Every variable of this room. */
    public static List<Variable> all() {
        return ALL;
    }

    /**
     * What keeps this room from starting; reads the files.
     *
     * @param dev whether encryption may be left unconfigured
     */
    public static List<Fault> faults(SealingConfig config, boolean dev) {
        List<Fault> faults = new ArrayList<>();
        config.identities()
                .ifPresentOrElse(
                        file ->
                                broken(
                                                IDENTITIES,
                                                file,
                                                content -> IdentitiesFile.read(content).close())
                                        .ifPresent(faults::add),
                        () -> {
                            if (!dev) {
                                faults.add(
                                        new Fault(
                                                IDENTITIES,
                                                "is not set",
                                                "set it to an identities file; the command keygen"
                                                        + " makes one"));
                            } else if (config.recipients().isPresent()) {
                                faults.add(
                                        new Fault(
                                                IDENTITIES,
                                                "is not set although AGE_RECIPS_PATH is",
                                                "set both, or neither for development without"
                                                        + " encryption"));
                            }
                        });
        config.recipients()
                .ifPresentOrElse(
                        file ->
                                broken(RECIPIENTS, file, Keyring::readRecipients)
                                        .ifPresent(faults::add),
                        () -> {
                            boolean seals = !dev || config.identities().isPresent();
                            if (seals && !config.requireBound()) {
                                faults.add(
                                        new Fault(
                                                RECIPIENTS,
                                                "is not set although REQUIRE_BOUND is false",
                                                "set it to the recipients that bare requests are"
                                                        + " answered to, or unset REQUIRE_BOUND"));
                            }
                        });
        config.doorKey().flatMap(SealingVariables::brokenDoorKey).ifPresent(faults::add);
        return faults;
    }

    /** What works and should still be known; reads the files, in which no fault was found. */
    public static List<String> warnings(SealingConfig config) {
        boolean oneKeyForAll =
                !config.requireBound()
                        && config.identities()
                                .map(file -> new KeyFiles(file, config.recipients()))
                                .filter(SealingVariables::haveOneKeyForAll)
                                .isPresent();
        return oneKeyForAll
                ? List.of(
                        "AGE_RECIPS_PATH names a recipient of AGE_IDENT_PATH: whoever reads replies"
                                + " to bare requests has a key that opens every caller's requests;"
                                + " give those callers an identity of their own, and then rotate"
                                + " the door's")
                : List.of();
    }

    private static boolean haveOneKeyForAll(KeyFiles files) {
        try (KeyFiles.Found found = files.look()) {
            Keyring keyring = found.keyring();
            boolean one = keyring.opensItsOwnReplies();
            keyring.identities().forEach(KeyIdentity::close);
            return one;
        } catch (FaultyFileException e) {
            return false;
        }
    }

    private static Optional<Fault> brokenDoorKey(Path file) {
        return broken(DOOR_KEY, file, SealingVariables::tryDoorKey)
                .map(
                        fault ->
                                new Fault(
                                        fault.variable(),
                                        fault.problem(),
                                        fault.fix() + "; keygen --door -o FILE makes a new one"));
    }

    private static Optional<Fault> broken(String variable, Path file, Reading reading) {
        try (Glimpse glimpse = Glimpse.of(file)) {
            reading.read(glimpse.content());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(broken(variable, e));
        }
    }

    /** Why a variable's file cannot be used. */
    static Fault broken(String variable, IOException why) {
        return switch (why) {
            case AgeException e -> FileFault.broken(variable, e.getMessage());
            case Ed25519KeyException e -> FileFault.broken(variable, e.getMessage());
            default -> FileFault.unread(variable, why);
        };
    }

    private static void tryDoorKey(byte[] content) throws IOException {
        Ed25519Key.parse(content).close();
    }

    private interface Reading {
        void read(byte[] content) throws IOException;
    }
}
