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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.CommandLineTool;

/**
 * Interoperability with the {@code age} command, in both directions. Post-quantum files need a
 * recent version: the system property {@code age.pq} names one when that on the PATH is too old.
 */
class InteropTest {

    @TempDir private Path folder;
    private CommandLineTool age;

    static Stream<Arguments> files() {
        return files(0, 1, 65_535, 65_536, 65_537, 1 << 20);
    }

    static Stream<Arguments> largeFiles() {
        return files(64 << 20);
    }

    private static Stream<Arguments> files(Integer... sizes) {
        return Stream.of(sizes)
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
        assertOpens(age, identities(), size, encoding);
    }

    @ParameterizedTest
    @MethodSource("files")
    void weOpenWhatAgeSeals(int size, Encoding encoding) throws Exception {
        assertSeals(age, identities(), size, encoding);
    }

    @ParameterizedTest
    @MethodSource("files")
    void ageAndWeOpenEachOthersPostQuantumFiles(int size, Encoding encoding) throws Exception {
        assertOpens(postQuantumAge(), postQuantumIdentities(), size, encoding);
        assertSeals(postQuantumAge(), postQuantumIdentities(), size, encoding);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("largeFiles")
    void ageAndWeOpenEachOthersLargeFiles(int size, Encoding encoding) throws Exception {
        assertOpens(age, identities(), size, encoding);
        assertSeals(age, identities(), size, encoding);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("largeFiles")
    void ageAndWeOpenEachOthersLargePostQuantumFiles(int size, Encoding encoding) throws Exception {
        assertOpens(postQuantumAge(), postQuantumIdentities(), size, encoding);
        assertSeals(postQuantumAge(), postQuantumIdentities(), size, encoding);
    }

    @Test
    void ageRejectsAFileSealedToAnotherRecipient() throws Exception {
        byte[] sealed =
                AgeFile.seal(
                        new byte[1],
                        List.of(X25519Identity.generate().recipient()),
                        Encoding.BINARY);

        assertThat(age.run(sealed, "-d", "-i", file(X25519Identity.generate())).exitCode())
                .isNotZero();
    }

    private void assertOpens(
            CommandLineTool age, List<KeyIdentity> identities, int size, Encoding encoding)
            throws Exception {
        List<KeyRecipient> recipients = identities.stream().map(KeyIdentity::recipient).toList();
        for (Way way : Way.values()) {
            byte[] sealed = way.seal(plaintext(size), recipients, encoding);
            for (KeyIdentity identity : identities) {
                assertThat(age.run(sealed, "--decrypt", "--identity", file(identity)).orFail())
                        .isEqualTo(plaintext(size));
            }
        }
    }

    private static void assertSeals(
            CommandLineTool age, List<KeyIdentity> identities, int size, Encoding encoding)
            throws Exception {
        byte[] sealed = seal(age, plaintext(size), encoding, identities);
        for (Way way : Way.values()) {
            for (KeyIdentity identity : identities) {
                assertThat(way.open(sealed, identity)).isEqualTo(plaintext(size));
            }
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

    private static List<KeyIdentity> postQuantumIdentities() {
        return List.of(HybridIdentity.generate(), HybridIdentity.generate());
    }

    private static byte[] plaintext(int size) {
        byte[] plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        return plaintext;
    }
}
