package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.NginxProxy;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** The operators' scripts, run unchanged. */
class ScriptsIT {

    @TempDir Path folder;
    @AutoClose TestIssuer issuer = TestIssuer.start();

    @Test
    void verifyChecksAGatewayFromOutside() throws Exception {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        try (Service door = Service.start("ScriptsIT", environment)) {
            Result closed = script("verify.sh", "--no-flood", door.url());
            assertThat(closed.exitCode()).isEqualTo(1);
            assertThat(closed.text().lines().filter(line -> line.startsWith("✗")))
                    .containsExactly("✗ metrics are not public");

            Result open = script("verify.sh", "--metrics-open", door.url());
            assertThat(open.exitCode()).as(open.text() + open.errors()).isZero();
            assertThat(open.text())
                    .contains("✓ each path is answered in one form only")
                    .contains("✓ limits failures per address: 429, Retry-After ");
        }
    }

    @Test
    void verifyPassesBehindAProxyThatPublishesThreePaths() throws Exception {
        Result run = verifyBehind(NginxProxy.THREE_PATHS);

        assertThat(run.exitCode()).as(run.text() + run.errors()).isZero();
        assertThat(run.text())
                .contains("⚠ /ready is not published here", "✓ rejects TLS 1.2")
                .contains("✓ sends Strict-Transport-Security", "✓ metrics are not public")
                .contains("✓ limits failures per address: 429, Retry-After ");
    }

    @Test
    void verifyFindsNoMetricsBehindAProxyThatMatchesPrefixes() throws Exception {
        Result run = verifyBehind(NginxProxy.THREE_PREFIXES, "--no-flood");

        assertThat(run.exitCode()).as(run.text() + run.errors()).isZero();
        assertThat(run.text())
                .contains("✓ metrics are not public", "✓ each path is answered in one form only");
    }

    @Test
    void verifyFindsARouteThatAProxyPublishesInAnotherFormOnly() throws Exception {
        Result run = verifyBehind(NginxProxy.NORMALIZING, "--no-flood");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text().lines().filter(line -> line.startsWith("✗")))
                .containsExactly(
                        "✗ unpublished routes are not reachable through other forms of their path");
        assertThat(run.text())
                .contains(
                        "//metrics", "make the proxy apply its rules to the path that it forwards");
    }

    @Test
    void bothScriptsAdviseToWaitAfterTooManyFailures() throws Exception {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("FAILURE_LIMIT_PER_MINUTE", "1");
        try (Service door = Service.start("ScriptsIT", environment)) {
            script("verify.sh", door.url());

            Result again = script("verify.sh", "--no-flood", "--metrics-open", door.url());
            assertThat(again.text().lines().filter(line -> line.startsWith("✗")))
                    .containsExactly("✗ requires a token");
            assertThat(again.text()).contains("got 429: ", "wait a minute");

            Map<String, String> called = new HashMap<>(System.getenv());
            called.put("BASE_URL", door.url());
            Result calls = script(called, "seqthink/test-e2e.sh");
            assertThat(calls.text().lines().filter(line -> line.startsWith("✗")))
                    .hasSize(2)
                    .allMatch(line -> line.contains("got 429: ") && line.contains("wait a minute"));
        }
    }

    @Test
    void verifyFailsWhenNothingListens() throws Exception {
        Result run = script("verify.sh", "--no-flood", "http://127.0.0.1:" + Service.freePort());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).contains("✗ is alive", "1 of 1 failed");
    }

    @Test
    void backupsOpenWithTheOperatorsKeyOnlyAndReplaceTheOldestOfTheirFolder() throws Exception {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        AgeKey own = AgeKey.generate();
        OwnFile.write(kept.resolve("age.key"), own.secret() + "\n");
        AgeKey operator = AgeKey.generate();
        Path identity = OwnFile.write(folder.resolve("operator.key"), operator.secret());
        Path backups = Files.createDirectory(folder.resolve("backups"));
        String set = nameOf(kept);
        String others = nameOf(Path.of(kept + "-too"));
        for (String day : List.of("20260101", "20260102")) {
            Files.createFile(backups.resolve(set + day + "T000000Z.tar.age"));
            Files.createFile(backups.resolve(others + day + "T000000Z.tar.age"));
        }

        Result run =
                script(
                        "backup.sh",
                        "-r",
                        operator.recipient(),
                        "-d",
                        backups.toString(),
                        "-k",
                        "2",
                        kept.toString());

        Path sealed = Path.of(new String(run.orFail()).strip());
        assertThat(names(backups))
                .containsExactlyInAnyOrder(
                        set + "20260102T000000Z.tar.age",
                        sealed.getFileName().toString(),
                        others + "20260101T000000Z.tar.age",
                        others + "20260102T000000Z.tar.age");
        assertThat(sealed.getFileName().toString()).startsWith(set + "2");
        byte[] tar =
                CommandLineTool.needed("age", folder)
                        .run("-d", "-i", identity.toString(), sealed.toString())
                        .orFail();
        assertThat(
                        CommandLineTool.needed("tar", folder)
                                .run(tar, "-xO", "--wildcards", "*/age.key")
                                .text())
                .isEqualTo(own.secret() + "\n");
    }

    @Test
    void backupRefusesToSealAnIdentityToItself() throws Exception {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        AgeKey own = AgeKey.generate();
        OwnFile.write(kept.resolve("age.key"), own.secret() + "\n");
        Path backups = folder.resolve("backups");

        Result run =
                script(
                        "backup.sh",
                        "-r",
                        own.recipient(),
                        "-d",
                        backups.toString(),
                        kept.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("use a recipient whose identity is kept elsewhere");
        assertThat(backups).doesNotExist();
    }

    private Result verifyBehind(String locations, String... options) throws Exception {
        CertificateFiles certificate = CertificateFiles.make(folder, "proxy");
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("TRUSTED_PROXIES", "127.0.0.1");
        try (Service door = Service.start("ScriptsIT", environment);
                NginxProxy proxy = NginxProxy.start(folder, door, certificate, locations)) {
            Map<String, String> trusting = new HashMap<>(System.getenv());
            trusting.put("CURL_CA_BUNDLE", certificate.authority().toString());
            return script(
                    trusting,
                    "verify.sh",
                    Stream.concat(Stream.of(options), Stream.of(proxy.url()))
                            .toArray(String[]::new));
        }
    }

    private Result script(String name, String... arguments) throws Exception {
        return script(System.getenv(), name, arguments);
    }

    private Result script(Map<String, String> environment, String name, String... arguments)
            throws Exception {
        CommandLineTool.needed("age", folder);
        CommandLineTool.needed("curl", folder);
        String script = Path.of("deploy", name).toAbsolutePath().toString();
        return new CommandLineTool(List.of(script), folder, environment).run(arguments);
    }

    /** The prefix of the names of the backups of a folder. */
    private String nameOf(Path kept) throws Exception {
        String host = CommandLineTool.needed("uname", folder).run("-n").text().strip();
        return "seqthink-" + host + kept.toString().replace('/', '-') + "-";
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
