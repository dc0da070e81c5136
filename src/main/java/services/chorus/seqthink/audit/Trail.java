package services.chorus.seqthink.audit;

import io.quarkus.logging.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * One chain on its way to one sink, by a thread of its own: a sink that takes nothing holds up no
 * other. What could not be written is written when that works again; what does not fit into the
 * queue until then is lost, and the chain says how much that was. Safe for use by several threads.
 */
final class Trail implements AutoCloseable {

    private static final int MOST_AT_ONCE = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Sink sink;
    private final Chain chain;
    private final Pace pace;
    private final InstantSource clock;
    private final Meters meters;
    private final Supplier<Optional<Head>> beside;
    private final BlockingQueue<Waiting> waiting;
    private final Losses losses = new Losses();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread writer;

    private volatile Head head;
    private volatile boolean failing;
    private volatile boolean ended;
    // the writer's own
    private int sinceCheckpoint;
    private long checkpointDue;

    /** A decision and who waits for it; the empty one wakes the writer. */
    private record Waiting(Optional<Decision> decision, CompletableFuture<Void> written) {}

    /**
     * Lines that are written together.
     *
     * @param lines what is left to write of them
     * @param head the last of them
     */
    private record Batch(ByteBuffer lines, long first, Head head, List<Waiting> decisions) {}

    /**
     * Begins with a start record.
     *
     * @param beside the head of another trail, to be told in this one's checkpoints
     * @throws IOException when that cannot be written
     */
    static Trail begin(
            Sink sink,
            Chain chain,
            byte[] start,
            Pace pace,
            InstantSource clock,
            Meters meters,
            Supplier<Optional<Head>> beside)
            throws IOException {
        sink.write(ByteBuffer.wrap(start), chain.head().sequence());
        sink.force();
        Trail trail = new Trail(sink, chain, pace, clock, meters, beside);
        trail.writer.start();
        return trail;
    }

    private Trail(
            Sink sink,
            Chain chain,
            Pace pace,
            InstantSource clock,
            Meters meters,
            Supplier<Optional<Head>> beside) {
        this.sink = sink;
        this.chain = chain;
        this.pace = pace;
        this.clock = clock;
        this.meters = meters;
        this.beside = beside;
        this.waiting = new ArrayBlockingQueue<>(pace.mostWaiting());
        this.head = chain.head();
        this.writer =
                Thread.ofPlatform().daemon().name("audit to " + sink.name()).unstarted(this::run);
        this.sinceCheckpoint = 1; // the start
        this.checkpointDue = System.nanoTime() + pace.checkpointAfter().toNanos();
    }

    /**
     * Has a decision written.
     *
     * @return completed when it is; failed with {@link NotWrittenException} when it never will be
     */
    CompletableFuture<Void> append(Decision decision) {
        Waiting next = new Waiting(Optional.of(decision), new CompletableFuture<>());
        if (ended || !waiting.offer(next) || ended && waiting.remove(next)) {
            lose(next);
        }
        return next.written();
    }

    /** Whether the last attempt to write went well, and there is room for more. */
    boolean accepting() {
        return !failing && !ended && waiting.remainingCapacity() > 0;
    }

    boolean failing() {
        return failing;
    }

    /** The last record that was written. */
    Head head() {
        return head;
    }

    /** Writes what waits, and the end; gives up at the first failure, or when it takes too long. */
    @Override
    public void close() throws IOException {
        closing.countDown();
        // where there is no room for it the writer is awake anyway
        waiting.offer(new Waiting(Optional.empty(), new CompletableFuture<>()));
        try {
            writer.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private void run() {
        try {
            writeToTheEnd();
        } catch (RuntimeException | Error e) {
            // a line may be half written: none may follow
            failing = true;
            Log.errorf(
                    "The audit log is not written to %s any more: %s",
                    sink.name(), e.getClass().getName());
        }
        ended = true;
        List<Waiting> late = new ArrayList<>();
        waiting.drainTo(late);
        late.stream().filter(left -> left.decision().isPresent()).forEach(this::lose);
    }

    private void writeToTheEnd() {
        boolean goesOn = true;
        while (goesOn && !(isClosing() && waiting.isEmpty())) {
            List<Waiting> decisions = next();
            if (!decisions.isEmpty() || checkpointIsDue()) {
                goesOn = write(batch(decisions, false));
            }
        }
        if (goesOn) {
            write(batch(List.of(), true));
        }
    }

    /** What waits, or comes before a checkpoint is due. */
    private List<Waiting> next() {
        List<Waiting> next = new ArrayList<>();
        try {
            Waiting first =
                    sinceCheckpoint == 0
                            ? waiting.take()
                            : waiting.poll(checkpointDue - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (first != null) {
                next.add(first);
                waiting.drainTo(next, MOST_AT_ONCE - 1);
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread: it would close the channel that it writes to
            throw new IllegalStateException("The audit writer was interrupted", e);
        }
        next.removeIf(one -> one.decision().isEmpty());
        return next;
    }

    private boolean checkpointIsDue() {
        return sinceCheckpoint > 0 && checkpointDue - System.nanoTime() <= 0;
    }

    private Batch batch(List<Waiting> decisions, boolean last) {
        long first = chain.head().sequence() + 1;
        Instant now = clock.instant();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Waiting one : decisions) {
            one.decision().ifPresent(decision -> add(lines, chain.decision(decision)));
        }
        losses.take().ifPresent(lost -> add(lines, chain.lost(now, lost.count(), lost.since())));
        if (last) {
            add(lines, chain.stop(now));
        }
        if (last || sinceCheckpoint >= pace.checkpointEvery() || checkpointIsDue()) {
            lines.writeBytes(chain.checkpoint(now, beside.get()));
            sinceCheckpoint = 0;
        }
        return new Batch(ByteBuffer.wrap(lines.toByteArray()), first, chain.head(), decisions);
    }

    private void add(ByteArrayOutputStream lines, byte[] line) {
        if (sinceCheckpoint++ == 0) {
            checkpointDue = System.nanoTime() + pace.checkpointAfter().toNanos();
        }
        lines.writeBytes(line);
    }

    /** Tries until it is done; false when it was given up, after which nothing may follow. */
    private boolean write(Batch batch) {
        boolean written = tryToWrite(batch);
        while (!written && isTimeToRetry()) {
            written = tryToWrite(batch);
        }
        if (!written && !tryToWrite(batch)) {
            batch.decisions().forEach(this::lose);
            return false;
        }
        return true;
    }

    private boolean tryToWrite(Batch batch) {
        try {
            sink.write(batch.lines(), batch.first());
            if (pace.durable()) {
                sink.force();
            }
        } catch (IOException e) {
            meters.count(Count.AUDIT_FAILURES);
            if (!failing) {
                Log.errorf(
                        "The audit log cannot be written to %s: %s", sink.name(), e.getMessage());
            }
            failing = true;
            return false;
        }
        if (failing) {
            Log.warnf("The audit log is written to %s again", sink.name());
        }
        failing = false;
        head = batch.head();
        for (Waiting one : batch.decisions()) {
            meters.count(Count.AUDIT_RECORDS);
            one.written().complete(null);
        }
        return true;
    }

    /** Waits; false when there is no time left. */
    private boolean isTimeToRetry() {
        try {
            return !closing.await(pace.retry().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("The audit writer was interrupted", e);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void lose(Waiting one) {
        meters.count(Count.AUDIT_LOST);
        losses.add(clock.instant());
        one.written().completeExceptionally(new NotWrittenException());
    }
}
