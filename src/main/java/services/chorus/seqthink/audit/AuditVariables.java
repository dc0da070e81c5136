package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519KeyException;

/** The audit room's variables and the rules between them. */
public final class AuditVariables {

    private static final String PATH = "AUDIT_PATH";
    private static final String KEY = "AUDIT_KEY_PATH";
    private static final String REQUIRED = "AUDIT_REQUIRED";

    private static final List<Variable> ALL =
            List.of(
                    Variable.of(
                            PATH,
                            "seqthink.audit.path",
                            Form.path(),
                            "Audit log on disk: files of this name, a dot and the number of their"
                                    + " first record. One process each."),
                    Variable.of(
                            "AUDIT_STDOUT",
                            "seqthink.audit.stdout",
                            "true",
                            Form.flag(),
                            "Write audit records to standard output, with tools named by an HMAC."),
                    Variable.of(
                            KEY,
                            "seqthink.audit.key",
                            Form.path(),
                            "Key that signs the audit log's checkpoints; `keygen --audit` makes"
                                    + " one."),
                    Variable.of(
                            REQUIRED,
                            "seqthink.audit.required",
                            "false",
                            Form.flag(),
                            "`true` answers nothing before its audit record is on the disk, and"
                                    + " refuses calls with 503 while records cannot be written."),
                    Variable.of(
                            "AUDIT_MAX_MB",
                            "seqthink.audit.max-mb",
                            "64",
                            Form.number(1, 65536),
                            "MiB after which the audit log goes on in another file."),
                    Variable.of(
                            "AUDIT_CHECKPOINT_EVERY",
                            "seqthink.audit.checkpoint-every",
                            "1000",
                            Form.number(1, 1_000_000),
                            "Audit records between two checkpoints at most; one comes within 10 s"
                                    + " of a record anyway."),
                    Variable.of(
                            "REPLICA",
                            "seqthink.audit.replica",
                            Form.text("a name for this process"),
                            "What this process is called in audit records; the host's name unless"
                                    + " set."));

    private AuditVariables() {}

    /** Every variable of this room, in the order of the README's table. */
    public static List<Variable> all() {
        return ALL;
    }

    /** What keeps this room from starting; reads the key and looks at the folder. */
    public static List<Fault> faults(AuditConfig config) {
        List<Fault> faults = new ArrayList<>();
        config.path().flatMap(AuditVariables::brokenPath).ifPresent(faults::add);
        config.key().flatMap(AuditVariables::brokenKey).ifPresent(faults::add);
        if (config.required() && config.path().isEmpty() && !config.stdout()) {
            faults.add(
                    new Fault(
                            REQUIRED,
                            "is true and there is no audit log",
                            "set AUDIT_PATH, or AUDIT_STDOUT to true"));
        }
        return faults;
    }

    /** What works in this room and should still be known of a door. */
    public static List<String> warnings(AuditConfig config) {
        if (config.path().isEmpty() && !config.stdout()) {
            return List.of("AUDIT_STDOUT is false and AUDIT_PATH is not set: nothing is audited");
        }
        return config.key().isPresent() || config.path().isEmpty()
                ? List.of()
                : List.of(
                        "AUDIT_KEY_PATH is not set: whoever can write the audit log can rewrite it"
                                + " unseen, except before a head that was kept elsewhere");
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
                                "is in a folder that is not there or cannot be written",
                                "make it, and let this process's user write there"));
    }

    private static Optional<Fault> brokenKey(Path file) {
        try {
            Ed25519Key.read(file).close();
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of(
                    new Fault(
                            KEY,
                            "names a file that is not there",
                            "set it to one that is; keygen --audit -o FILE makes a new one"));
        } catch (Ed25519KeyException e) {
            return Optional.of(new Fault(KEY, "names a broken file", e.getMessage()));
        } catch (IOException e) {
            return Optional.of(
                    new Fault(
                            KEY,
                            "names a file that cannot be read",
                            "let this process's user read it"));
        }
    }
}
