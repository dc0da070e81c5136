package services.chorus.seqthink.age.benchmark;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The primitives of sealing and opening by themselves, to compare costs. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BareBenchmark {

    /** A secret and a point of another key. */
    @State(Scope.Benchmark)
    public static class Points {

        private final byte[] secret = new byte[X25519.SCALAR_SIZE];
        private final byte[] point = new byte[X25519.POINT_SIZE];
        private final byte[] shared = new byte[X25519.POINT_SIZE];

        @Setup
        public void prepare() {
            SecureRandom random = new SecureRandom();
            X25519.generatePrivateKey(random, secret);
            X25519.generatePublicKey(secret, 0, point, 0);
            X25519.generatePrivateKey(random, secret);
        }
    }

    /** One cipher over one buffer. */
    @State(Scope.Benchmark)
    public static class Buffer {

        @Param({"4096", "65536", "1048576", "4194304"})
        int size;

        private final byte[] nonce = new byte[12];
        private final SecretKeySpec key = new SecretKeySpec(new byte[32], "ChaCha20");
        private Cipher cipher;
        private byte[] plaintext;
        private byte[] sealed;

        @Setup
        public void prepare() throws GeneralSecurityException {
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
            plaintext = new byte[size];
            sealed = new byte[size + 16];
        }
    }

    @Benchmark
    public boolean multiplication(Points points) {
        return X25519.calculateAgreement(points.secret, 0, points.point, 0, points.shared, 0);
    }

    @Benchmark
    public int cipher(Buffer buffer) throws GeneralSecurityException {
        // the JDK's cipher refuses the nonce that it had before
        buffer.nonce[0]++;
        buffer.cipher.init(Cipher.ENCRYPT_MODE, buffer.key, new IvParameterSpec(buffer.nonce));
        return buffer.cipher.doFinal(buffer.plaintext, 0, buffer.size, buffer.sealed, 0);
    }
}
