package services.chorus.seqthink.state;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.jboss.logging.Logger;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;

/**
 * A store in one Redis, or a proxy in front of one. Not for a Redis Cluster: the keys of one script
 * would be on different machines.
 */
final class RedisStore implements Store {

    private static final Logger LOG = Logger.getLogger(RedisStore.class);
    private static final String PREFIX = "seqthink:";

    // the first word of an error of Redis: NOAUTH, WRONGPASS, OOM
    private static final Pattern ERROR_WORD = Pattern.compile("[A-Z]{1,16}(?= |$)");

    private static final int MOST_LOGGED = 8;

    private static final int LOCKS = 1024;

    // greater than any sequence number, and exact as a double in Lua
    private static final long END = 1L << 52;

    private final RedisLink link;
    private final RedisFollowers followers;
    private final List<Lock> locks =
            Stream.<Lock>generate(() -> new ReentrantLock(true)).limit(LOCKS).toList();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    RedisStore(Vertx vertx, RedisUrl url, X509TrustManager trust) {
        RedisOptions options = RedisLink.options(url, trust, StateDeadline.PATIENCE);
        this.link = new RedisLink(vertx, options, StateDeadline.PATIENCE, () -> {});
        this.followers = new RedisFollowers(vertx, options, StateDeadline.PATIENCE);
        // connects now, so that a wrong setting is logged at the start
        send(Request.cmd(Command.PING));
    }

    @Override
    public List<byte[]> get(List<String> names, StateDeadline deadline) {
        Request request = Request.cmd(Command.MGET);
        keys(names).forEach(request::arg);
        return deadline.await(send(request)).stream()
                .filter(Objects::nonNull)
                .map(Response::toBytes)
                .toList();
    }

    @Override
    public boolean swap(
            List<String> names,
            Optional<byte[]> expected,
            byte[] value,
            Duration life,
            StateDeadline deadline) {
        byte[] before = expected.orElse(new byte[0]);
        return flag(run(RedisScript.SWAP, deadline, names, before, value, millis(life)));
    }

    @Override
    public Admission admit(List<Member> members, Duration life, int most, StateDeadline deadline) {
        Object[] arguments =
                Stream.concat(Stream.of(millis(life), most), members.stream().map(Member::member))
                        .toArray();
        List<String> groups = members.stream().map(Member::group).toList();
        return Admission.valueOf(run(RedisScript.ADMIT, deadline, groups, arguments).toString());
    }

    /** Appends if the end of the log has not changed since it was read, else tries again. */
    @Override
    public Position append(
            List<String> names,
            String owner,
            Function<Optional<Position>, Draft> draft,
            SharedState.Limits limits,
            StateDeadline deadline) {
        // so that threads of this process do not make each other's attempts fail
        Lock lock = locks.get(Math.floorMod(names.getFirst().hashCode(), LOCKS));
        deadline.lock(lock);
        try {
            Optional<Position> end = read(names, END, 1, deadline).map(Stretch::end);
            while (true) {
                Draft next = draft.apply(end);
                Response answer =
                        run(
                                RedisScript.APPEND,
                                deadline,
                                names,
                                end.map(Position::epoch).orElse(""),
                                end.map(Position::sequence).orElse(0L),
                                next.position().epoch(),
                                next.position().sequence(),
                                next.entry(),
                                next.entry().length - SEAL_BYTES,
                                millis(limits.life()),
                                limits.entries(),
                                limits.bytes());
                if (flag(answer.get(0))) {
                    return next.position();
                }
                end = end(answer.get(1), answer.get(2));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Stretch> read(
            List<String> names, long after, int mostBytes, StateDeadline deadline) {
        return Optional.ofNullable(
                        run(RedisScript.READ, deadline, names, after, mostBytes, SEAL_BYTES))
                .map(RedisStore::stretch);
    }

    @Override
    public Subscription follow(List<String> names, Runnable grown) {
        return followers.follow(keys(names), grown);
    }

    @Override
    public void close() {
        followers.close();
        link.close();
    }

    private static Stretch stretch(Response answer) {
        return new Stretch(
                end(answer.get(0), answer.get(1)).orElseThrow(),
                answer.get(2).toLong(),
                answer.stream().skip(3).map(Response::toBytes).toList());
    }

    private static Optional<Position> end(Response epoch, Response last) {
        return epoch.toString().isEmpty()
                ? Optional.empty()
                : Optional.of(new Position(epoch.toString(), last.toLong()));
    }

    private static boolean flag(Response answer) {
        return answer.toInteger() == 1;
    }

    private static long millis(Duration life) {
        return Math.max(1, life.toMillis());
    }

    private static List<String> keys(List<String> names) {
        return names.stream().map(name -> PREFIX + name).toList();
    }

    private Response run(
            RedisScript script, StateDeadline deadline, List<String> names, Object... arguments) {
        return deadline.await(send(script.on(keys(names), arguments)));
    }

    private CompletableFuture<Response> send(Request request) {
        return link.send(request)
                .onSuccess(answer -> reached())
                .onFailure(failure -> unusable(kind(failure)))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private void reached() {
        if (logged.removeIf(any -> true)) {
            LOG.info("Redis can be reached again");
        }
    }

    /** Logs each kind of failure once until a command succeeds. */
    private void unusable(String kind) {
        if (logged.size() < MOST_LOGGED && logged.add(kind)) {
            LOG.warnf("Redis cannot be used (%s): see STATE_URL and CA_PATH", kind);
        }
    }

    /** The class of a failure; of an error that Redis returned, its first word. */
    private static String kind(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        if (failure instanceof ErrorType error && error.getMessage() != null) {
            Matcher word = ERROR_WORD.matcher(error.getMessage());
            return word.lookingAt() ? "error " + word.group() : "error";
        }
        return name;
    }
}
