package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that root changes for a service of another user. */
class OwnershipTest {

    private static final int SERVICE = 12_345;
    private static final int SERVICES_GROUP = 23_456;

    @TempDir Path folder;
    private Path path;

    @BeforeEach
    void beRoot() throws IOException {
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "not run as root");
        path = folder.resolve("file");
    }

    @Test
    void isKeptWhenAFileIsReplaced() throws IOException {
        Files.writeString(path, "before");
        give(path);

        change(path);

        assertThat(path).hasContent("after");
        assertOwnedByTheService(path);
        assertOwnedByTheService(folder.resolve("file.lock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void isTheFoldersForANewFile() throws IOException {
        give(folder);

        change(path);

        assertOwnedByTheService(path);
        assertOwnedByTheService(folder.resolve("file.lock"));
    }

    @Test
    void isTheFoldersForSeveralNewFiles() throws IOException {
        give(folder);
        var contents = new LinkedHashMap<Path, byte[]>();
        contents.put(path, "one".getBytes(UTF_8));
        contents.put(folder.resolve("other"), "other".getBytes(UTF_8));

        assertThat(NewFiles.create(contents)).isEmpty();

        for (Path made : contents.keySet()) {
            assertOwnedByTheService(made);
            assertOwnedByTheService(made.resolveSibling(made.getFileName() + ".lock"));
        }
    }

    @Test
    void isNotTheFoldersIfEveryoneCanWriteToIt() throws IOException {
        give(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        change(path);

        assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(0);
    }

    @Test
    void leavesTheTargetOfALinkUnchanged() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "root's");
        Files.writeString(path, "the service's");
        give(path);
        Path link = Files.createSymbolicLink(folder.resolve("link"), precious);

        Ownership.of(path).giveTo(link);

        assertThat(Files.getAttribute(precious, "unix:uid")).isEqualTo(0);
    }

    @Test
    void failsForAnotherUserBeforeAnythingIsReplaced() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(path, "before");

        assertThat(changeAs(SERVICE))
                .contains("UnusableFileException")
                .contains(path + " belongs to root:root: run this as that user");
        assertThat(path).hasContent("before");
        assertThat(folder.resolve("file.lock")).doesNotExist();

        Files.createFile(
                folder.resolve("file.lock"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(changeAs(SERVICE)).contains("file.lock belongs to root:root");
        assertThat(path).hasContent("before");
    }

    /** Changes a file, and prints why that failed. */
    static final class AnotherProcess {

        private AnotherProcess() {}

        public static void main(String... args) {
            try {
                change(Path.of(args[0]));
            } catch (IOException e) {
                System.out.print(e);
            }
        }
    }

    /** The output of a process of that user that changes the file. */
    private String changeAs(int uid) throws Exception {
        Path classes = folder.resolve("classes");
        copyPackage(AtomicFile.class, classes);
        copyPackage(AnotherProcess.class, classes);
        Process process =
                new ProcessBuilder(
                                "setpriv",
                                "--reuid=" + uid,
                                "--clear-groups",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classes.toString(),
                                AnotherProcess.class.getName(),
                                path.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return said;
    }

    /** Copies the classes of a package to where every user can read them. */
    private static void copyPackage(Class<?> one, Path classes) throws Exception {
        Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path room = Path.of(one.getPackageName().replace('.', '/'));
        Files.createDirectories(classes.resolve(room));
        try (Stream<Path> all = Files.list(root.resolve(room))) {
            for (Path each : all.toList()) {
                Files.copy(
                        each,
                        classes.resolve(room).resolve(each.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void change(Path path) throws IOException {
        new AtomicFile(path)
                .<Void>update(
                        draft -> {
                            draft.replace("after".getBytes(UTF_8));
                            return null;
                        });
    }

    private static void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", SERVICE);
        Files.setAttribute(path, "unix:gid", SERVICES_GROUP);
    }

    private static void assertOwnedByTheService(Path path) throws IOException {
        assertThat(Files.readAttributes(path, "unix:uid,gid"))
                .containsEntry("uid", SERVICE)
                .containsEntry("gid", SERVICES_GROUP);
    }
}
