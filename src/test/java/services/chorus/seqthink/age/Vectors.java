package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.testing.CommandLineTool;

/**
 * The vectors of the community test kit: the files in the folder that the system property {@code
 * cctv.dir} names, else those inside an npm package, which npm brings into the build's folder.
 */
final class Vectors {

    private static final Path FOLDER = Path.of("target", "cctv-age").toAbsolutePath();
    private static final String PACKAGE = "cctv-age@0.2.0";
    private static final Path ARCHIVE = FOLDER.resolve("cctv-age-0.2.0.tgz");
    private static final String ARCHIVE_SHA_512 =
            "1fiGAaWr+snqgu8+uCC7qPeApAuueOESET2npKe0FVLY+Huf+Kkia89Rybx/uoGNCml31SgAjiQIeFOY4K3New==";
    private static final Pattern VECTOR =
            Pattern.compile("// \\.\\./testdata/(\\w+)\nvar \\w+ = __toBinary\\(\"([^\"]*)\"\\);");

    private Vectors() {}

    /** Returns all vectors; without access to them the test is aborted, or fails in CI. */
    static List<Vector> all() throws IOException, InterruptedException, GeneralSecurityException {
        String given = System.getProperty("cctv.dir");
        return given == null ? fromPackage() : fromFolder(Path.of(given));
    }

    private static List<Vector> fromFolder(Path folder) throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                vectors.add(Vector.read(file.getFileName().toString(), Files.readAllBytes(file)));
            }
        }
        return vectors;
    }

    private static List<Vector> fromPackage()
            throws IOException, InterruptedException, GeneralSecurityException {
        if (!Files.exists(ARCHIVE)) {
            fetch();
        }
        byte[] hash = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(ARCHIVE));
        assertThat(Base64.getEncoder().encodeToString(hash)).isEqualTo(ARCHIVE_SHA_512);
        String module = new String(tool("tar").run("xzOf", ARCHIVE.toString()).orFail(), US_ASCII);
        List<Vector> vectors = new ArrayList<>();
        for (Matcher matcher = VECTOR.matcher(module); matcher.find(); ) {
            vectors.add(
                    Vector.read(matcher.group(1), Base64.getDecoder().decode(matcher.group(2))));
        }
        return vectors;
    }

    private static void fetch() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        CommandLineTool.Result packed = tool("npm").run("pack", PACKAGE);
        if (packed.exitCode() != 0) {
            CommandLineTool.missing("No age vectors: npm cannot fetch them, set -Dcctv.dir");
        }
    }

    private static CommandLineTool tool(String name) {
        return CommandLineTool.find(name)
                .map(program -> new CommandLineTool(program, FOLDER))
                .orElseGet(
                        () ->
                                CommandLineTool.missing(
                                        "No age vectors: set -Dcctv.dir or install " + name));
    }
}
