package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.files.UnusableFileException;
import services.chorus.seqthink.sealing.FiledIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Mark;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;
import services.chorus.seqthink.sealing.IdentitiesFile;
import services.chorus.seqthink.sealing.Rotation;

@Command(
        name = "rotate",
        description = {
            "Replace the identities that a gateway opens requests with, step by step.",
            "First --prepare; when every replica has loaded the file, --promote; a day later,"
                    + " --retire. A running gateway reloads a changed file within seconds. Without"
                    + " a step: list the file's identities."
        })
final class RotateCommand extends BaseCommand {

    private static final String CURRENT = "current";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The identities file (default: AGE_IDENT_PATH).")
    Optional<Path> file;

    @ArgGroup Step step;

    @Option(
            names = "--pq",
            description = {
                "With --prepare or --compromised: make a post-quantum identity (mlkem768x25519)."
                        + " Without it the new identity is of the same kind as the current one."
            })
    boolean postQuantum;

    static final class Step {

        @Option(
                names = "--prepare",
                description = "Add a new identity, which opens requests but is not advertised yet.")
        boolean prepare;

        @Option(
                names = "--promote",
                description =
                        "Make the prepared identity the current one; the previous one still opens"
                                + " requests.")
        boolean promote;

        @Option(
                names = "--compromised",
                arity = "0..1",
                fallbackValue = CURRENT,
                paramLabel = "FINGERPRINT",
                description =
                        "Remove an identity at once (default: the current one). The prepared"
                                + " identity, or a new one if none is prepared, replaces the current"
                                + " one.")
        String compromised;

        @Option(
                names = "--retire",
                paramLabel = "FINGERPRINT",
                description = "Remove an identity that is no longer needed.")
        String retire;

        boolean makesAnIdentity() {
            return prepare || compromised != null;
        }
    }

    /** A file before and after a step; its secrets are wiped. */
    private record Changed(IdentitiesFile before, IdentitiesFile after) {}

    @FunctionalInterface
    private interface Change {
        IdentitiesFile of(Rotation rotation) throws Rotation.RefusedException;
    }

    @Override
    public Integer call() throws IOException {
        if (postQuantum && (step == null || !step.makesAnIdentity())) {
            throw misuse("--pq needs --prepare or --compromised");
        }
        Path path = path();
        warnOfAccess(path);
        if (step == null) {
            list(path);
        } else if (step.prepare) {
            prepare(path);
        } else if (step.promote) {
            promote(path);
        } else if (step.compromised != null) {
            compromised(path);
        } else {
            retire(path);
        }
        return ExitCode.OK;
    }

    private void list(Path path) throws IOException {
        byte[] content = Files.readAllBytes(path);
        try (IdentitiesFile file = read(path, content)) {
            out().println("version: " + file.version());
            for (FiledIdentity entry : file.entries()) {
                String standing = entry.mark().map(mark -> mark.standing().word()).orElse("other");
                out().printf(
                                "%s  %-8s  since %-20s  created %-20s  %s%n",
                                entry.fingerprint(),
                                entry == file.current() ? CURRENT : standing,
                                text(entry.mark().map(Mark::since)),
                                text(entry.created()),
                                entry.identity().recipient());
            }
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("-");
    }

    private void prepare(Path path) throws IOException {
        IdentitiesFile after =
                change(path, rotation -> rotation.prepare(() -> fresh(rotation))).after();
        FiledIdentity prepared = after.prepared().orElseThrow();
        out().printf("prepared: %s %s%n", prepared.fingerprint(), prepared.identity().recipient());
        out().printf(
                        "when seqthink_keyring_keys is %d at every replica, run: rotate"
                                + " --promote%n",
                        after.entries().size());
    }

    private void promote(Path path) throws IOException {
        Changed changed = change(path, Rotation::promote);
        FiledIdentity retired =
                changed.after().find(changed.before().current().fingerprint()).orElseThrow();
        printCurrent(changed.after());
        out().printf(
                        "retire %1$s after %2$s, when"
                                + " seqthink_keyring_key_idle_seconds{key=\"%1$s\"} is above %3$d at"
                                + " every replica: rotate --retire %1$s%n",
                        retired.fingerprint(),
                        neededUntil(retired).orElseThrow(),
                        Rotation.STILL_NEEDED.toSeconds());
    }

    private void compromised(Path path) throws IOException {
        Changed changed =
                change(
                        path,
                        rotation ->
                                rotation.compromised(lost(rotation.file()), () -> fresh(rotation)));
        IdentitiesFile before = changed.before();
        String lost = lost(before);
        if (lost.equals(before.current().fingerprint())) {
            printCurrent(changed.after());
        }
        out().printf(
                        "%s is removed: requests sealed to it are rejected with 422, and histories"
                                + " sealed to it are lost%n",
                        lost);
        if (before.find(lost).filter(RotateCommand::wasAdvertised).isPresent()) {
            out().println(
                            "for up to an hour clients with an older recipients document may still"
                                    + " seal to it, and a holder of the identity can open their"
                                    + " requests");
        }
        if (before.entries().size() == 1) {
            out().println(
                            "it was the only identity: the replay guard has forgotten the request"
                                    + " ids seen so far");
        }
    }

    private String lost(IdentitiesFile file) {
        return step.compromised.equals(CURRENT) ? file.current().fingerprint() : step.compromised;
    }

    private void retire(Path path) throws IOException {
        Changed changed = change(path, rotation -> rotation.retire(step.retire));
        out().println(step.retire + " is removed");
        changed.before()
                .find(step.retire)
                .flatMap(RotateCommand::neededUntil)
                .filter(Instant.now()::isBefore)
                .map("warning: until %s some requests and histories may still need it"::formatted)
                .ifPresent(err()::println);
    }

    private static Changed change(Path path, Change change) throws IOException {
        AtomicReference<Changed> changed = new AtomicReference<>();
        PrivateFile.rewrite(
                path,
                content -> {
                    try (IdentitiesFile before = read(path, content);
                            IdentitiesFile after = change.of(new Rotation(before, Instant.now()))) {
                        changed.set(new Changed(before, after));
                        return after.write();
                    } catch (Rotation.RefusedException e) {
                        throw new UnusableFileException(e.getMessage());
                    }
                });
        return changed.get();
    }

    private static IdentitiesFile read(Path path, byte[] content) throws IOException {
        return KeyFiles.parse(path, "identities", content, IdentitiesFile::read);
    }

    private void printCurrent(IdentitiesFile file) {
        out().println("recipient: " + file.current().identity().recipient());
        out().println("version: " + file.version());
    }

    /** When a retired identity is no longer needed. */
    private static Optional<Instant> neededUntil(FiledIdentity entry) {
        return entry.mark()
                .filter(mark -> mark.standing() == Standing.RETIRED)
                .map(mark -> mark.since().plus(Rotation.STILL_NEEDED));
    }

    private static boolean wasAdvertised(FiledIdentity entry) {
        return entry.mark().filter(mark -> mark.standing() == Standing.PREPARED).isEmpty();
    }

    private KeyIdentity fresh(Rotation rotation) {
        boolean hybrid = rotation.file().current().identity() instanceof HybridIdentity;
        return postQuantum || hybrid ? HybridIdentity.generate() : X25519Identity.generate();
    }

    private Path path() {
        String configured = context().sources().environment().getOrDefault("AGE_IDENT_PATH", "");
        return file.or(() -> Optional.of(configured).filter(path -> !path.isEmpty()).map(Path::of))
                .orElseThrow(
                        () -> misuse("no identities file: give -f FILE or set AGE_IDENT_PATH"));
    }
}
