package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.CommandLineTool;

/**
 * Both ways with the {@code age} command. Post-quantum files need a newer one than many systems
 * have: the system property {@code age.pq} names it when the one on the PATH is too old.
 */
class InteropTest {

    private static final int ENOUGH = 1 << 20;

    @TempDir private Path folder;
    private CommandLineTool age;

    static Stream<Arguments> files() {
        return Stream.of(0, 1, 65535, 65536, 65537, 200_000)
                .flatMap(
                        size ->
                                Stream.of(Encoding.values())
                                        .map(encoding -> Arguments.of(size, encoding)));
    }

    @BeforeEach
    void findsAge() {
        age = tool(CommandLineTool.find("age").orElseGet(() -> CommandLineTool.missing("No age")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void ageOpensWhatWeSeal(int size, Encoding encoding) throws Exception {
        List<KeyIdentity> identities = identities();
        List<KeyRecipient> recipients = identities.stream().map(KeyIdentity::recipient).toList();
        byte[] sealed = AgeFile.seal(plaintext(size), recipients, encoding);

        for (KeyIdentity identity : identities) {
            byte[] opened = age.run(sealed, "--decrypt", "--identity", file(identity)).orFail();
            assertThat(opened).isEqualTo(plaintext(size));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void weOpenWhatAgeSeals(int size, Encoding encoding) throws Exception {
        List<KeyIdentity> identities = identities();
        byte[] sealed = seal(age, plaintext(size), encoding, identities);

        for (KeyIdentity identity : identities) {
            assertOpens(sealed, identity, plaintext(size));
        }
    }

    @Test
    void ageRefusesWhatWasSealedToAnother() throws Exception {
        byte[] sealed =
                AgeFile.seal(
                        new byte[1],
                        List.of(X25519Identity.generate().recipient()),
                        Encoding.BINARY);

        assertThat(age.run(sealed, "-d", "-i", file(X25519Identity.generate())).exitCode())
                .isNotZero();
    }

    @ParameterizedTest
    @MethodSource("files")
    void ageAndWeOpenEachOthersPostQuantumFiles(int size, Encoding encoding) throws Exception {
        CommandLineTool newerAge = postQuantumAge();
        List<KeyIdentity> identities =
                List.of(HybridIdentity.generate(), HybridIdentity.generate());
        List<KeyRecipient> recipients = identities.stream().map(KeyIdentity::recipient).toList();
        byte[] ours = AgeFile.seal(plaintext(size), recipients, encoding);
        byte[] theirs = seal(newerAge, plaintext(size), encoding, identities);

        for (KeyIdentity identity : identities) {
            assertThat(newerAge.run(ours, "-d", "-i", file(identity)).orFail())
                    .isEqualTo(plaintext(size));
            assertOpens(theirs, identity, plaintext(size));
        }
    }

    private CommandLineTool postQuantumAge() throws Exception {
        String named = System.getProperty("age.pq");
        CommandLineTool candidate = named == null ? age : tool(Path.of(named));
        String recipient = HybridIdentity.generate().recipient().toString();
        return candidate.run("-r", recipient).exitCode() == 0
                ? candidate
                : abort("This age knows no post-quantum keys: set -Dage.pq to one that does");
    }

    private static byte[] seal(
            CommandLineTool age, byte[] plaintext, Encoding encoding, List<KeyIdentity> to)
            throws Exception {
        List<String> arguments = new ArrayList<>();
        to.forEach(identity -> arguments.addAll(List.of("-r", identity.recipient().toString())));
        if (encoding == Encoding.ARMORED) {
            arguments.add("--armor");
        }
        return age.run(plaintext, arguments.toArray(String[]::new)).orFail();
    }

    private static void assertOpens(byte[] sealed, KeyIdentity identity, byte[] plaintext) {
        assertThat(AgeFile.open(sealed, List.of(identity), ENOUGH))
                .isInstanceOfSatisfying(
                        Opened.Plaintext.class,
                        opened -> assertThat(opened.bytes()).isEqualTo(plaintext));
    }

    private String file(KeyIdentity identity) throws IOException {
        Path file = Files.createTempFile(folder, "identity", ".txt");
        return Files.writeString(file, new String(identity.encode(), US_ASCII) + "\n").toString();
    }

    private CommandLineTool tool(Path program) {
        return new CommandLineTool(program, folder);
    }

    private static List<KeyIdentity> identities() {
        return List.of(
                X25519Identity.generate(), X25519Identity.generate(), X25519Identity.generate());
    }

    private static byte[] plaintext(int size) {
        byte[] plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        return plaintext;
    }
}
