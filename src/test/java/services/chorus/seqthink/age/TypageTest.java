package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.NodePackages;

/** Interoperability with typage, the TypeScript implementation of age, in both directions. */
class TypageTest {

    private static final List<Integer> SIZES = List.of(0, 1, 65_535, 65_536, 65_537, 1 << 20);

    @TempDir private Path folder;

    /** A key, and its text forms for typage. */
    private record Key(Identity identity, Recipient recipient, String toOpen, String toSeal) {

        static Key of(KeyIdentity identity) {
            String secret = new String(identity.encode(), US_ASCII);
            return new Key(identity, identity.recipient(), secret, identity.recipient().toString());
        }

        static Key ofPassphrase(String passphrase) {
            byte[] utf8 = passphrase.getBytes(US_ASCII);
            return new Key(
                    new ScryptIdentity(utf8),
                    new ScryptRecipient(utf8, 10),
                    passphrase,
                    passphrase);
        }

        @Override
        public String toString() {
            return identity.getClass().getSimpleName();
        }
    }

    static Stream<Arguments> keysAndEncodings() {
        return Stream.of(
                        Key.of(X25519Identity.generate()),
                        Key.of(HybridIdentity.generate()),
                        Key.ofPassphrase("correct horse"))
                .flatMap(
                        key ->
                                Stream.of(Encoding.values())
                                        .map(encoding -> Arguments.of(key, encoding)));
    }

    @BeforeAll
    static void findsTypage() throws Exception {
        NodePackages.install();
    }

    @ParameterizedTest
    @MethodSource("keysAndEncodings")
    void opensWhatWeSeal(Key key, Encoding encoding) throws Exception {
        for (Way way : Way.values()) {
            for (int size : SIZES) {
                byte[] sealed = way.seal(plaintext(size), List.of(key.recipient()), encoding);
                Files.write(file(way + "-" + size + ".age"), sealed);
            }
        }
        NodePackages.run("typage.mjs", "open", folder.toString(), key.toOpen());

        for (Way way : Way.values()) {
            for (int size : SIZES) {
                assertThat(file(way + "-" + size + ".plain")).hasBinaryContent(plaintext(size));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keysAndEncodings")
    void sealsWhatWeOpen(Key key, Encoding encoding) throws Exception {
        for (int size : SIZES) {
            Files.write(file(size + ".plain"), plaintext(size));
        }
        String verb = encoding == Encoding.ARMORED ? "seal-armored" : "seal";
        NodePackages.run("typage.mjs", verb, folder.toString(), key.toSeal());

        for (int size : SIZES) {
            byte[] sealed = Files.readAllBytes(file(size + ".age"));
            assertThat(Armor.isArmored(sealed)).isEqualTo(encoding == Encoding.ARMORED);
            for (Way way : Way.values()) {
                assertThat(way.open(sealed, key.identity())).isEqualTo(plaintext(size));
            }
        }
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static byte[] plaintext(int size) {
        byte[] plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        return plaintext;
    }
}
