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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import services.chorus.seqthink.audit.WritePace.CheckpointTimer;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Writes one chain to one sink, on a thread of its own, so that a blocked sink delays no other.
 * Lines that cannot be written are retried. Events that find the queue full are lost, and a record
 * says how many. Safe for use by several threads.
 */
final class AuditWriter implements AutoCloseable {

    private static final int MAX_BATCH = 256;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Sink sink;
    private final RecordChain chain;
    private final WritePace pace;
    private final InstantSource clock;
    private final Meters meters;
    private final Supplier<Optional<ChainHead>> fileHead;
    private final BlockingQueue<Entry> waiting;
    private final AtomicReference<Missing> lost = new AtomicReference<>(Missing.NONE);
    private final AtomicReference<Missing> omitted = new AtomicReference<>(Missing.NONE);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CheckpointTimer checkpoints;
    private final Thread thread;

    private volatile ChainHead head;
    private volatile boolean failing;
    private volatile boolean ended;

    /** An event to write; an empty one wakes the writing thread. */
    private record Entry(Optional<AuditEvent> event, CompletableFuture<Void> written) {}

    /** How many events have no record, and since when. */
    private record Missing(long count, Instant since) {

        static final Missing NONE = new Missing(0, Instant.MIN);

        Missing and(Instant another) {
            return new Missing(count + 1, count == 0 ? another : since);
        }
    }

    /**
     * Writes nothing before {@link #start}.
     *
     * @param fileHead the head of the chain in files, for the checkpoints of another chain
     */
    AuditWriter(
            Sink sink,
            RecordChain chain,
            WritePace pace,
            InstantSource clock,
            Meters meters,
            Supplier<Optional<ChainHead>> fileHead) {
        this.sink = sink;
        this.chain = chain;
        this.pace = pace;
        this.clock = clock;
        this.meters = meters;
        this.fileHead = fileHead;
        this.waiting = new ArrayBlockingQueue<>(pace.maxWaiting());
        this.checkpoints = new CheckpointTimer(pace);
        this.head = chain.head();
        this.thread =
                Thread.ofPlatform().daemon().name("audit to " + sink.name()).unstarted(this::run);
    }

    /**
     * Writes a start record and begins to write events.
     *
     * @param found the end of what the sink already holds
     * @throws IOException when the record cannot be written
     */
    void start(String version, Tail found) throws IOException {
        byte[] line = found.completing(chain.start(clock.instant(), version, found.torn()));
        sink.write(ByteBuffer.wrap(line), chain.head().sequence());
        sink.force();
        head = chain.head();
        checkpoints.countRecord();
        thread.start();
    }

    /**
     * Queues an event.
     *
     * @return completed when it is written; failed with {@link AuditLog.NotWrittenException} when
     *     it never will be
     */
    CompletableFuture<Void> append(AuditEvent event) {
        Entry entry = new Entry(Optional.of(event), new CompletableFuture<>());
        if (ended || !waiting.offer(entry) || ended && waiting.remove(entry)) {
            lose(entry);
        }
        return entry.written();
    }

    /** Counts an event without a record of its own; the count is written with a checkpoint. */
    void omit() {
        Instant now = clock.instant();
        if (omitted.getAndUpdate(before -> before.and(now)).count() == 0) {
            wake();
        }
    }

    /** Wakes the thread; if the queue is full, it is awake. */
    private void wake() {
        waiting.offer(new Entry(Optional.empty(), new CompletableFuture<>()));
    }

    /** Whether the last attempt to write succeeded and the queue has room. */
    boolean accepting() {
        return !failing && !ended && waiting.remainingCapacity() > 0;
    }

    boolean failing() {
        return failing;
    }

    ChainHead head() {
        return head;
    }

    /** Writes queued events and a stop record; gives up after a failure or a timeout. */
    @Override
    public void close() throws IOException {
        closing.countDown();
        wake();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private void run() {
        try {
            boolean written = true;
            while (written && (closing.getCount() > 0 || !waiting.isEmpty())) {
                List<Entry> entries = next();
                if (omitted.get().count() > 0) {
                    checkpoints.arm();
                }
                boolean idle = entries.isEmpty() && !checkpoints.isDue();
                written = idle || write(lines(entries, false), entries);
            }
            if (written) {
                write(lines(List.of(), true), List.of());
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // a line may be partly written, so no other may follow
            failing = true;
            Log.errorf(
                    "Audit records are no longer written to %s, until a restart: %s",
                    sink.name(), e.getClass().getName());
        }
        ended = true;
        List<Entry> late = new ArrayList<>();
        waiting.drainTo(late);
        late.stream().filter(entry -> entry.event().isPresent()).forEach(this::lose);
    }

    /** Waits for an event or until a checkpoint is due; returns the queued events. */
    private List<Entry> next() throws InterruptedException {
        List<Entry> next = new ArrayList<>();
        Optional.ofNullable(waiting.poll(checkpoints.nanosLeft(), TimeUnit.NANOSECONDS))
                .ifPresent(next::add);
        waiting.drainTo(next, MAX_BATCH - next.size());
        next.removeIf(entry -> entry.event().isEmpty());
        return next;
    }

    private ByteBuffer lines(List<Entry> entries, boolean last) {
        Instant now = clock.instant();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        entries.forEach(entry -> add(lines, chain.event(entry.event().orElseThrow())));
        Missing some = lost.getAndSet(Missing.NONE);
        if (some.count() > 0) {
            add(lines, chain.lost(now, some.count(), some.since()));
        }
        if (last || checkpoints.isDue()) {
            Missing uncounted = omitted.getAndSet(Missing.NONE);
            if (uncounted.count() > 0) {
                add(lines, chain.omitted(now, uncounted.count(), uncounted.since()));
            }
        }
        if (last) {
            add(lines, chain.stop(now));
        }
        if (last || checkpoints.isDue()) {
            lines.writeBytes(chain.checkpoint(now, fileHead.get()));
            checkpoints.countCheckpoint();
        }
        return ByteBuffer.wrap(lines.toByteArray());
    }

    private void add(ByteArrayOutputStream lines, byte[] line) {
        checkpoints.countRecord();
        lines.writeBytes(line);
    }

    /** Retries until it succeeds; false when the last attempt, after closing, failed too. */
    private boolean write(ByteBuffer lines, List<Entry> entries) throws InterruptedException {
        boolean lastAttempt = closing.getCount() == 0;
        while (!tryToWrite(lines, entries)) {
            if (lastAttempt) {
                entries.forEach(this::lose);
                return false;
            }
            lastAttempt = closing.await(pace.retry().toNanos(), TimeUnit.NANOSECONDS);
        }
        return true;
    }

    /** After a failure, the rest of the buffer is still to be written. */
    private boolean tryToWrite(ByteBuffer lines, List<Entry> entries) {
        try {
            sink.write(lines, head.sequence() + 1);
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
        head = chain.head();
        for (Entry entry : entries) {
            meters.count(Count.AUDIT_RECORDS);
            entry.written().complete(null);
        }
        return true;
    }

    private void lose(Entry entry) {
        meters.count(Count.AUDIT_LOST);
        Instant now = clock.instant();
        lost.updateAndGet(before -> before.and(now));
        entry.written().completeExceptionally(new AuditLog.NotWrittenException());
    }
}
