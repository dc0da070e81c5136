package services.chorus.seqthink.age.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.age.X25519Identity;

/** One file sealed, one opened. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SealingBenchmark {

    /** The kinds of keys. */
    public enum Kind {
        X25519(X25519Identity::generate),
        POST_QUANTUM(HybridIdentity::generate);

        private final Supplier<KeyIdentity> generator;

        Kind(Supplier<KeyIdentity> generator) {
            this.generator = generator;
        }
    }

    @Param Kind kind;

    @Param({"1", "3"})
    int recipients;

    @Param({"256", "4096", "65536", "1048576", "4194304"})
    int size;

    private List<KeyRecipient> to;
    private KeyIdentity last;
    private byte[] plaintext;
    private byte[] sealed;

    @Setup
    public void prepare() throws AgeException {
        List<KeyIdentity> identities = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            identities.add(kind.generator.get());
        }
        to = identities.stream().map(KeyIdentity::recipient).toList();
        last = identities.getLast();
        plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        sealed = AgeFile.seal(plaintext, to, Encoding.BINARY);
    }

    @Benchmark
    public byte[] seal() throws AgeException {
        return AgeFile.seal(plaintext, to, Encoding.BINARY);
    }

    /** With the identity of the last stanza. */
    @Benchmark
    public Opened open() {
        return AgeFile.open(sealed, List.of(last), size);
    }
}
