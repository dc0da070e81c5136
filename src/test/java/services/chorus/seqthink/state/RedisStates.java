package services.chorus.seqthink.state;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.net.CertificateAuthorities;

/** Creates states over a Redis, and reads Redis directly. */
final class RedisStates {

    private RedisStates() {}

    static SealedState over(
            Vertx vertx, String url, Optional<Path> ca, StateSecrets secrets, String server) {
        try {
            return SealedState.inRedis(
                    vertx,
                    RedisUrl.parse(url),
                    CertificateAuthorities.systemAnd(ca).trust(),
                    secrets,
                    server,
                    InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Response send(Redis redis, Command command, String... arguments) {
        Request request = Request.cmd(command);
        List.of(arguments).forEach(request::arg);
        return redis.send(request).toCompletionStage().toCompletableFuture().join();
    }

    static List<String> strings(Redis redis, Command command, String... arguments) {
        return send(redis, command, arguments).stream().map(Response::toString).toList();
    }
}
