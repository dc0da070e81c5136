package services.chorus.seqthink.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads another stream until that falls silent: then it fails with a {@link SocketTimeoutException}
 * and closes the other, which must allow that while it is read. Not for several threads.
 */
final class PatientStream extends InputStream {

    private final InputStream in;
    private final Duration patience;
    private boolean fellSilent;

    /**
     * @param patience how long may pass without any byte
     */
    PatientStream(InputStream in, Duration patience) {
        this.in = in;
        this.patience = patience;
    }

    /** Whether silence ended it. */
    boolean fellSilent() {
        return fellSilent;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        FutureTask<Integer> reading = new FutureTask<>(() -> in.read(bytes, from, length));
        Thread.startVirtualThread(reading);
        try {
            return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            fellSilent = true;
            in.close();
            throw new SocketTimeoutException("nothing came for " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        } catch (ExecutionException e) {
            throw new IOException("the connection broke", e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
