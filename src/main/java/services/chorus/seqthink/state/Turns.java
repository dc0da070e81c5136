package services.chorus.seqthink.state;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fair locks by name, so that the threads of this process take turns and contend with other
 * processes only. Nothing is kept of a name that nobody holds or awaits. Safe for use by several
 * threads.
 */
final class Turns {

    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /**
     * Waits for the lock of a name.
     *
     * @return the lock, held by this thread until it closes it
     * @throws StateUnavailableException as {@link StateDeadline#lock} does
     */
    Turn take(String name, StateDeadline deadline) {
        Turn turn =
                turns.compute(
                        name,
                        (same, known) -> {
                            Turn wanted = known == null ? new Turn(name) : known;
                            wanted.users++;
                            return wanted;
                        });
        try {
            deadline.lock(turn.lock);
        } catch (StateUnavailableException e) {
            turn.leave();
            throw e;
        }
        return turn;
    }

    final class Turn implements AutoCloseable {

        private final String name;
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users; // who holds or awaits it; only computations of the map change it

        private Turn(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            lock.unlock();
            leave();
        }

        private void leave() {
            turns.computeIfPresent(name, (same, turn) -> --turn.users == 0 ? null : turn);
        }
    }
}
