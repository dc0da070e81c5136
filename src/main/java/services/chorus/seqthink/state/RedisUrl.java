package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Loopback;

/**
 * The URL of a Redis: {@code rediss://[user][:password]@host[:port][/database]}, or {@code
 * redis://} on loopback. User and password may be percent-encoded.
 */
public final class RedisUrl {

    private final URI url;

    private RedisUrl(URI url) {
        this.url = url;
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException when it cannot be used; the message continues the name of a
     *     setting ({@code is not ...}) and quotes nothing of the text
     */
    public static RedisUrl parse(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "is not a URL, or has characters that must be percent-encoded");
        }
        boolean tls = "rediss".equals(url.getScheme());
        if (!tls && !"redis".equals(url.getScheme())
                || url.getHost() == null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || !url.getRawPath().matches("|/|/\\d{1,5}")) {
            throw new IllegalArgumentException("is not a Redis URL");
        }
        if (url.getRawUserInfo() != null && !url.getRawUserInfo().contains(":")) {
            throw new IllegalArgumentException("names a user without a password");
        }
        if (!tls && !Loopback.names(url.getHost())) {
            throw new IllegalArgumentException("is not encrypted and not on loopback");
        }
        return new RedisUrl(url);
    }

    boolean tls() {
        return "rediss".equals(url.getScheme());
    }

    /** For the Vert.x client, which decodes a plus in user or password to a space. */
    String connectionString() {
        String user = url.getRawUserInfo() == null ? "" : encoded(url.getRawUserInfo()) + "@";
        String path = url.getRawPath().length() > 1 ? url.getRawPath() : "";
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + user + url.getHost() + port + path;
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getHost();
    }

    private static String encoded(String userInfo) {
        return Stream.of(userInfo.split(":", 2))
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), UTF_8))
                .map(part -> URLEncoder.encode(part, UTF_8))
                .collect(Collectors.joining(":"));
    }
}
