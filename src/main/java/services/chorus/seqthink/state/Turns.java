package services.chorus.seqthink.state;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets work under one name go on one after the other in this process, so that it contends with
 * other processes only. Safe for use by several threads.
 */
final class Turns {

    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /** The work, begun when all work that was asked for under this name before has ended. */
    <T> Uni<T> take(String name, Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            CompletableFuture<Void> mine = new CompletableFuture<>();
                            CompletableFuture<Void> before = last.put(name, mine);
                            return after(before)
                                    .chain(work)
                                    .onTermination()
                                    .invoke(
                                            () -> {
                                                last.remove(name, mine);
                                                mine.complete(null);
                                            });
                        });
    }

    private static Uni<Void> after(CompletableFuture<Void> before) {
        return before == null
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().completionStage(before);
    }
}
