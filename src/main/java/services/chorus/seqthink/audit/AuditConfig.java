package services.chorus.seqthink.audit;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.audit.SegmentedFile.Segments;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519Key.Ed25519KeyException;

/** The settings of the audit log. */
@ConfigMapping(prefix = "seqthink.audit")
public interface AuditConfig {

    String PATH = "AUDIT_PATH";
    String KEY = "AUDIT_KEY_PATH";

    Section SECTION =
            Section.of(AuditConfig.class, "audit")
                    .add(PATH, "path", Form.path())
                    .essential(
                            "Path prefix of the audit log's files: each is `PATH.N`, where N is "
                                    + "the number of its first record. Every process needs its own. "
                                    + "Unset: no audit log on disk.")
                    .add("AUDIT_STDOUT", "stdout", "true", Form.flag())
                    .meaning(
                            "`true` also writes audit records to standard output, with an HMAC "
                                    + "in place of the tool's name.")
                    .add(KEY, "key", Form.path())
                    .essential(
                            "File of the Ed25519 key (a JWK) that signs checkpoints in the "
                                    + "audit log; `keygen --audit` makes one. Unset: checkpoints are not "
                                    + "signed.")
                    .add("AUDIT_REQUIRED", "required", "false", Form.flag())
                    .meaning(
                            "`true` sends no answer before its audit record is on disk, and "
                                    + "answers calls with 503 while records cannot be written.")
                    .add("AUDIT_MAX_MB", "max-mb", "64", Form.number(1, 65536, "MiB"))
                    .meaning("Size at which the audit log continues in a new file.")
                    .add(
                            "AUDIT_CHECKPOINT_EVERY",
                            "checkpoint-every",
                            "1000",
                            Form.number(1, 1_000_000, "records"))
                    .meaning(
                            "Largest number of audit records between two checkpoints. A "
                                    + "checkpoint is also written within 10 s of any record.")
                    .add("REPLICA", "replica", Form.text("a name for this process"))
                    .meaning("Name of this process in audit records. Unset: the host name.");

    Optional<Path> path();

    boolean stdout();

    Optional<Path> key();

    boolean required();

    int maxMb();

    int checkpointEvery();

    Optional<String> replica();

    /** Checks the settings; reads the key and looks at the folder. */
    static List<Fault> faults(AuditConfig config) {
        List<Fault> faults = new ArrayList<>();
        config.path().flatMap(AuditConfig::brokenPath).ifPresent(faults::add);
        config.key()
                .flatMap(AuditConfig::brokenKey)
                .map(fault -> fault.withHint("keygen --audit -o FILE creates a new key"))
                .ifPresent(faults::add);
        if (config.required() && config.path().isEmpty() && !config.stdout()) {
            faults.add(
                    new Fault(
                            "AUDIT_REQUIRED",
                            "is true but there is no audit log",
                            "set AUDIT_PATH, or AUDIT_STDOUT to true"));
        }
        return faults;
    }

    /** Warnings about settings that are valid. */
    static List<String> warnings(AuditConfig config) {
        if (config.path().isEmpty() && !config.stdout()) {
            return List.of("AUDIT_STDOUT is false and AUDIT_PATH is not set: nothing is audited");
        }
        return config.key().isPresent() || config.path().isEmpty()
                ? List.of()
                : List.of(
                        "AUDIT_KEY_PATH is not set: a user who can write the audit log can change"
                                + " it undetected, except before a head that is kept elsewhere");
    }

    private static Optional<Fault> brokenPath(Path path) {
        Path folder = new Segments(path).folder();
        if (Files.isDirectory(path) || path.getFileName() == null) {
            return Optional.of(new Fault(PATH, "names a folder", "set it to the path of a file"));
        }
        return Files.isDirectory(folder) && Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                PATH,
                                "is in a folder that does not exist or is not writable",
                                "create it, and let the user of this process write to it"));
    }

    private static Optional<Fault> brokenKey(Path file) {
        try {
            Ed25519Key.read(file).close();
            return Optional.empty();
        } catch (Ed25519KeyException e) {
            return Optional.of(FileFault.broken(KEY, e.getMessage()));
        } catch (IOException e) {
            return Optional.of(FileFault.unread(KEY, e));
        }
    }
}
