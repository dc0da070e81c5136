package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Third-party packages for Node, installed below {@code target}: the official ones for MCP, age in
 * TypeScript, an OAuth client and a library for JWTs. Without them a test is skipped, or fails
 * under {@code CI=true}.
 */
public final class NodePackages {

    private static final List<String> PACKAGES =
            List.of(
                    "@modelcontextprotocol/sdk@1.32.2",
                    "@modelcontextprotocol/server-everything@2026.8.31",
                    "age-encryption@0.3.1",
                    "openid-client@6.8.9",
                    "jose@6.2.17");
    private static final Path HOME = Path.of("target", "node").toAbsolutePath();

    private NodePackages() {}

    /** Installs the packages, unless that was done before. */
    public static void install() throws IOException, InterruptedException {
        Path done = HOME.resolve("installed");
        if (Files.exists(done) && Files.readString(done).equals(PACKAGES.toString())) {
            return;
        }
        Files.createDirectories(HOME);
        List<String> npm =
                Stream.concat(
                                Stream.of("npm", "install", "--no-audit", "--no-fund", "--silent"),
                                PACKAGES.stream())
                        .toList();
        try {
            Files.writeString(HOME.resolve("package.json"), "{\"private\": true}");
            if (start(npm, "").waitFor() != 0) {
                missing("npm could not install " + PACKAGES);
            }
        } catch (IOException e) {
            missing("npm is not installed");
        }
        Files.writeString(done, PACKAGES.toString());
    }

    /** Runs one of our scripts until it ends, and returns its output. */
    public static String run(String script, String... arguments)
            throws IOException, InterruptedException {
        Process node =
                start(
                        Stream.concat(Stream.of("node", script(script)), Stream.of(arguments))
                                .toList(),
                        "");
        String printed = new String(node.getInputStream().readAllBytes(), UTF_8);
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(printed).isZero();
        return printed;
    }

    /** Starts the server of an installed package, on that loopback port. */
    public static Process serve(String module, String argument, int port) throws IOException {
        Path main = HOME.resolve("node_modules").resolve(module);
        String preload = HOME.resolve(script("loopback-only.mjs")).toUri().toString();
        return start(
                List.of("node", "--import", preload, main.toString(), argument),
                Integer.toString(port));
    }

    private static Process start(List<String> command, String port) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(HOME.toFile()).redirectErrorStream(true);
        builder.environment().put("PORT", port);
        return builder.start();
    }

    private static String script(String name) {
        try (InputStream script = NodePackages.class.getResourceAsStream("/node/" + name)) {
            // beside node_modules, so that it finds the packages
            Files.copy(script, HOME.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(what);
        }
        Assumptions.abort(what);
    }
}
