package services.chorus.seqthink.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Limits the bytes allocated for a short message, once the code is compiled. */
class GarbageTest {

    private static final long LIMIT = 12_000;
    private static final int ROUNDS = 1000;

    private final X25519Identity alice = X25519Identity.generate();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void sealingAShortMessageAllocatesLittle() {
        assertSettlesUnderTheLimit(() -> seal(new byte[256]));
    }

    @Test
    void openingAShortMessageAllocatesLittle() throws AgeException {
        byte[] sealed = seal(new byte[256]);

        assertSettlesUnderTheLimit(() -> AgeFile.open(sealed, List.of(alice), 256));
    }

    private byte[] seal(byte[] plaintext) throws AgeException {
        return AgeFile.seal(plaintext, List.of(alice.recipient()), Encoding.BINARY);
    }

    private void assertSettlesUnderTheLimit(Callable<?> operation) {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(garbage(operation)).isBetween(1L, LIMIT));
    }

    /** Bytes for one operation. */
    private long garbage(Callable<?> operation) throws Exception {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            operation.call();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }
}
