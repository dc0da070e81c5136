package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.jboss.logging.Logger;

/**
 * A store in one Redis, or behind a proxy that looks like one; not in a Redis Cluster, where one
 * thing's names would lie on different machines. Every operation ends within two seconds.
 */
final class RedisStore implements Store {

    private static final Logger LOG = Logger.getLogger(RedisStore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String PREFIX = "seqthink:";

    // how an error of Redis begins: NOAUTH, WRONGPASS, OOM
    private static final Pattern ERROR_WORD = Pattern.compile("[A-Z]{1,16}(?= |$)");

    private static final int MOST_TROUBLES = 8;

    // past the end of any log, where Lua still counts exactly
    private static final long END = 1L << 52;

    private final RedisLink link;
    private final RedisFollowers followers;
    private final Turns turns = new Turns();
    private final Set<String> troubles = ConcurrentHashMap.newKeySet();

    RedisStore(Vertx vertx, RedisUrl url, X509TrustManager trust) {
        RedisOptions options = RedisLink.options(url, trust, PATIENCE);
        this.link = new RedisLink(vertx, options, PATIENCE, () -> {});
        this.followers = new RedisFollowers(vertx, options, PATIENCE);
    }

    /** Connects ahead, so that what is wrong shows in the log early. */
    void reach() {
        command(Request.cmd(Command.PING)).subscribe().with(pong -> {}, unavailable -> {});
    }

    @Override
    public Uni<Boolean> putIfAbsent(List<String> names, byte[] value, Duration life) {
        return bounded(
                run(RedisScript.PUT_IF_ABSENT, names, value, millis(life)).map(RedisStore::flag));
    }

    @Override
    public Uni<List<byte[]>> get(List<String> names) {
        Request request = Request.cmd(Command.MGET);
        keys(names).forEach(request::arg);
        return bounded(
                command(request)
                        .map(
                                found ->
                                        found.stream()
                                                .filter(Objects::nonNull)
                                                .map(Response::toBytes)
                                                .toList()));
    }

    @Override
    public Uni<Boolean> replace(List<String> names, byte[] expected, byte[] value, Duration life) {
        return bounded(
                run(RedisScript.REPLACE, names, expected, value, millis(life))
                        .map(RedisStore::flag));
    }

    @Override
    public Uni<Admission> admit(List<Member> members, Duration life, int most) {
        Object[] arguments =
                Stream.concat(Stream.of(millis(life), most), members.stream().map(Member::member))
                        .toArray();
        List<String> groups = members.stream().map(Member::group).toList();
        return bounded(
                run(RedisScript.ADMIT, groups, arguments)
                        .map(answer -> Admission.valueOf(answer.toString())));
    }

    @Override
    public Uni<LogPosition> append(
            List<String> names, Function<Optional<LogPosition>, Draft> drafting, LogLimits limits) {
        return bounded(turns.take(names.getFirst(), () -> appendInTurn(names, drafting, limits)));
    }

    @Override
    public Uni<Optional<Page>> read(List<String> names, long after, int mostBytes) {
        return bounded(page(names, after, mostBytes));
    }

    @Override
    public Multi<String> follow(List<String> names) {
        return followers.follow(keys(names));
    }

    @Override
    public void close() {
        followers.close();
        link.close();
    }

    private Uni<LogPosition> appendInTurn(
            List<String> names, Function<Optional<LogPosition>, Draft> drafting, LogLimits limits) {
        return page(names, END, 1)
                .flatMap(page -> append(names, page.map(Page::end), drafting, limits));
    }

    /** Appends if the log still ends there, else tries again after where it ends by then. */
    private Uni<LogPosition> append(
            List<String> names,
            Optional<LogPosition> end,
            Function<Optional<LogPosition>, Draft> drafting,
            LogLimits limits) {
        Draft draft = drafting.apply(end);
        return run(
                        RedisScript.APPEND,
                        names,
                        end.map(LogPosition::epoch).orElse(""),
                        end.map(LogPosition::sequence).orElse(0L),
                        draft.position().epoch(),
                        draft.position().sequence(),
                        draft.entry(),
                        draft.entry().length - SEAL_BYTES,
                        millis(limits.life()),
                        limits.entries(),
                        limits.bytes())
                .flatMap(
                        answer ->
                                flag(answer.get(0))
                                        ? Uni.createFrom().item(draft.position())
                                        : append(
                                                names,
                                                end(answer.get(1), answer.get(2)),
                                                drafting,
                                                limits));
    }

    private Uni<Optional<Page>> page(List<String> names, long after, int mostBytes) {
        return run(RedisScript.READ, names, after, mostBytes, SEAL_BYTES)
                .map(answer -> Optional.ofNullable(answer).map(RedisStore::page));
    }

    private static Page page(Response answer) {
        return new Page(
                end(answer.get(0), answer.get(1)).orElseThrow(),
                answer.get(2).toLong(),
                answer.stream().skip(3).map(Response::toBytes).toList());
    }

    private static Optional<LogPosition> end(Response epoch, Response last) {
        return epoch.toString().isEmpty()
                ? Optional.empty()
                : Optional.of(new LogPosition(epoch.toString(), last.toLong()));
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

    private Uni<Response> run(RedisScript script, List<String> names, Object... arguments) {
        return command(script.on(keys(names), arguments));
    }

    private Uni<Response> command(Request request) {
        return link.send(request)
                .invoke(this::reached)
                .onFailure()
                .invoke(failure -> unusable(kind(failure)));
    }

    private void reached() {
        if (troubles.removeIf(any -> true)) {
            LOG.info("Redis is reached again");
        }
    }

    /** Logs each kind once until Redis is reached again: none hides another that comes later. */
    private void unusable(String kind) {
        if (troubles.size() < MOST_TROUBLES && troubles.add(kind)) {
            LOG.warnf("Redis cannot be used (%s): see STATE_URL and CA_PATH", kind);
        }
    }

    /** The class of a failure, and of what Redis says itself the first word alone. */
    private static String kind(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        if (failure instanceof ErrorType error && error.getMessage() != null) {
            Matcher word = ERROR_WORD.matcher(error.getMessage());
            return word.lookingAt() ? name + " " + word.group() : name;
        }
        return name;
    }

    /** Ends in time, where it was begun, and with the one failure that callers know. */
    private static <T> Uni<T> bounded(Uni<T> operation) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Context caller = Vertx.currentContext();
                            Uni<T> ending =
                                    operation
                                            .ifNoItem()
                                            .after(PATIENCE)
                                            .fail()
                                            .onFailure()
                                            .transform(RedisStore::unavailable);
                            return caller == null
                                    ? ending
                                    : ending.emitOn(next -> caller.runOnContext(now -> next.run()));
                        });
    }

    /** Without its cause, whose message may have been Redis's. */
    private static StateUnavailableException unavailable(Throwable cause) {
        return new StateUnavailableException(
                "What is shared cannot be reached (" + cause.getClass().getSimpleName() + ")");
    }
}
