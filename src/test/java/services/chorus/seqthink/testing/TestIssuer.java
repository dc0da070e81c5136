package services.chorus.seqthink.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** An issuer with a real JWKS endpoint on loopback. */
public final class TestIssuer implements AutoCloseable {

    public static final String ISSUER = "https://issuer.example";
    public static final String AUDIENCE = "https://door.example";
    public static final String SCOPE = "sequentialthinking.run";

    private final HttpServer server;
    private final List<RsaJsonWebKey> published = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile HttpHandler behaviour = this::publish;

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    public static TestIssuer start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestIssuer issuer = new TestIssuer(server);
            issuer.rotate();
            server.createContext(
                    "/jwks",
                    exchange -> {
                        issuer.fetches.incrementAndGet();
                        issuer.behaviour.handle(exchange);
                    });
            server.createContext("/revoked", issuer::publishRevoked);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String jwksUrl() {
        return url("/jwks");
    }

    /** The URL of its list of revoked tokens. */
    public String denyUrl() {
        return url("/revoked");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Revokes a token by its {@code jti}. */
    public void revoke(String tokenId) {
        revoked.add(Client.sha256(tokenId.getBytes(StandardCharsets.UTF_8)));
    }

    /** Answers this instead of its keys from now on. */
    public void answerInstead(int status, String body) {
        behaviour = exchange -> answer(exchange, status, body);
    }

    /** Accepts requests and answers none until it is closed. */
    public void hang() {
        behaviour =
                exchange -> {
                    try {
                        closing.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                };
    }

    /** Answers with its keys again. */
    public void recover() {
        behaviour = this::publish;
    }

    /** Publishes a new key beside the old ones and signs with it from now on. */
    public RsaJsonWebKey rotate() {
        RsaJsonWebKey key = newKey();
        published.addFirst(key);
        return key;
    }

    /** A key that is not published. */
    public static RsaJsonWebKey newKey() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(UUID.randomUUID().toString());
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public RsaJsonWebKey current() {
        return published.getFirst();
    }

    public int fetches() {
        return fetches.get();
    }

    /** A valid token for a subject. */
    public String token(String subject) {
        return token(subject, claims -> {});
    }

    /** A token with changed claims. */
    public String token(String subject, Consumer<JwtClaims> change) {
        return sign(claims(subject, change), current());
    }

    public static JwtClaims claims(String subject, Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setClaim("scope", SCOPE);
        claims.setIssuedAtToNow();
        claims.setClaim("exp", Instant.now().plus(Duration.ofMinutes(15)).getEpochSecond());
        claims.setClaim("jti", UUID.randomUUID().toString());
        change.accept(claims);
        return claims;
    }

    public static String sign(JwtClaims claims, RsaJsonWebKey key) {
        return Canaries.note(sign(claims, key, "at+jwt"));
    }

    private static String sign(JwtClaims claims, RsaJsonWebKey key, String type) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setPayload(claims.toJson());
            jws.setHeader("typ", type);
            jws.setKeyIdHeaderValue(key.getKeyId());
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            jws.setKey(key.getRsaPrivateKey());
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publishRevoked(HttpExchange exchange) throws IOException {
        JwtClaims list = new JwtClaims();
        list.setIssuer(ISSUER);
        list.setIssuedAtToNow();
        list.setExpirationTimeMinutesInTheFuture(2);
        list.setClaim("sha256", revoked);
        answer(exchange, 200, sign(list, current(), "revoked-tokens+jwt"));
    }

    private void publish(HttpExchange exchange) throws IOException {
        List<String> keys =
                published.stream().map(key -> key.toJson(OutputControlLevel.PUBLIC_ONLY)).toList();
        answer(exchange, 200, "{\"keys\":[" + String.join(",", keys) + "]}");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/jwk-set+json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
