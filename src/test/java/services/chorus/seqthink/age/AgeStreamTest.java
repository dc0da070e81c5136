package services.chorus.seqthink.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeStreamTest {

    private final X25519Identity alice = X25519Identity.generate();

    static Stream<Arguments> sizesAndEncodings() {
        return Stream.of(0, 1, 65535, 65536, 65537, 131072, 200_000)
                .flatMap(
                        size ->
                                Stream.of(Encoding.values())
                                        .map(encoding -> Arguments.of(size, encoding)));
    }

    @ParameterizedTest
    @MethodSource("sizesAndEncodings")
    void opensFilesSealedFromAStreamAndInMemory(int size, Encoding encoding) throws IOException {
        byte[] plaintext = random(size);
        byte[] streamed = seal(plaintext, encoding);
        byte[] inMemory = AgeFile.seal(plaintext, List.of(alice.recipient()), encoding);

        assertThat(streamed).hasSameSizeAs(inMemory);
        assertThat(open(streamed)).isEqualTo(plaintext);
        assertThat(open(inMemory)).isEqualTo(plaintext);
        assertThat(AgeFile.open(streamed, List.of(alice), size))
                .isInstanceOf(Opened.Plaintext.class);
    }

    @Test
    void namesTheIdentityThatOpened() throws IOException {
        byte[] sealed = seal(random(10), Encoding.BINARY);

        assertThat(
                        AgeStream.open(
                                new ByteArrayInputStream(sealed),
                                OutputStream.nullOutputStream(),
                                List.of(X25519Identity.generate(), alice)))
                .isSameAs(alice);
    }

    @Test
    void readsAStreamThatReturnsOneByteAtATime() throws IOException {
        byte[] plaintext = random(70_000);
        byte[] sealed = seal(plaintext, Encoding.ARMORED);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        AgeStream.open(new Trickle(sealed), out, List.of(alice));

        assertThat(out.toByteArray()).isEqualTo(plaintext);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 65_552, 65_553})
    void writesOnlyVerifiedChunksOfATruncatedFile(int cut) throws IOException {
        byte[] plaintext = random(200_000);
        byte[] sealed = seal(plaintext, Encoding.BINARY);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(
                        () ->
                                AgeStream.open(
                                        new ByteArrayInputStream(sealed, 0, sealed.length - cut),
                                        out,
                                        List.of(alice)))
                .isInstanceOfSatisfying(
                        AgeException.class,
                        e -> assertThat(e.kind()).isEqualTo(AgeException.Kind.PAYLOAD));
        assertThat(out.size() % Payload.CHUNK).isZero();
        assertThat(plaintext).startsWith(out.toByteArray());
    }

    @Test
    void writesNothingWhenNoIdentityMatches() throws IOException {
        byte[] sealed = seal(random(10), Encoding.BINARY);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(
                        () ->
                                AgeStream.open(
                                        new ByteArrayInputStream(sealed),
                                        out,
                                        List.of(X25519Identity.generate())))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("No identity opens this file");
        assertThat(out.size()).isZero();
    }

    @Test
    void stopsReadingNoiseAfterTheLongestHeader() {
        byte[] noise = new byte[1 << 20];
        Arrays.fill(noise, (byte) 'x');
        Trickle in = new Trickle(noise);

        assertThatThrownBy(
                        () -> AgeStream.open(in, OutputStream.nullOutputStream(), List.of(alice)))
                .isInstanceOf(AgeException.class);
        assertThat(in.taken).isLessThan(2 * Payload.SEALED_CHUNK);
    }

    @Test
    void leavesTheStreamsOpen() throws IOException {
        ClosedOrNot in = new ClosedOrNot(new ByteArrayInputStream(random(10)));
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        FilterOutputStream out =
                new FilterOutputStream(sealed) {
                    @Override
                    public void close() {
                        throw new AssertionError("closed");
                    }
                };

        AgeStream.seal(in, out, List.of(alice.recipient()), Encoding.ARMORED);
        ClosedOrNot again = new ClosedOrNot(new ByteArrayInputStream(sealed.toByteArray()));
        AgeStream.open(again, out, List.of(alice));

        assertThat(in.closed).isFalse();
        assertThat(again.closed).isFalse();
    }

    @Test
    void sealsAndOpensInConstantMemory() throws IOException {
        long size = 64L << 20;
        CountingOutput opened = new CountingOutput();
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        AgeStream.seal(new Zeros(size), sealed, List.of(alice.recipient()), Encoding.BINARY);

        AgeStream.open(new ByteArrayInputStream(sealed.toByteArray()), opened, List.of(alice));

        assertThat(opened.count).isEqualTo(size);
        assertThat(opened.longestWrite).isEqualTo(Payload.CHUNK);
    }

    private byte[] seal(byte[] plaintext, Encoding encoding) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AgeStream.seal(
                new ByteArrayInputStream(plaintext), out, List.of(alice.recipient()), encoding);
        return out.toByteArray();
    }

    private byte[] open(byte[] sealed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AgeStream.open(new ByteArrayInputStream(sealed), out, List.of(alice));
        return out.toByteArray();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Gives one byte at a time. */
    private static final class Trickle extends FilterInputStream {

        private int taken;

        Trickle(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            taken++;
            return super.read(target, offset, Math.min(1, length));
        }
    }

    private static final class ClosedOrNot extends FilterInputStream {

        private boolean closed;

        ClosedOrNot(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    private static final class CountingOutput extends OutputStream {

        private long count;
        private int longestWrite;

        @Override
        public void write(int value) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
            longestWrite = Math.max(longestWrite, length);
        }
    }
}
