package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import services.chorus.seqthink.config.Loopback;

/**
 * Where a Redis is, and how to be let in: {@code
 * rediss://[user][:password]@host[:port][/database]}, or {@code redis://} on loopback. User and
 * password may be percent-encoded.
 */
public final class RedisUrl {

    private final URI url;

    private RedisUrl(URI url) {
        this.url = url;
    }

    /** Why a text is no such URL, as a fault says it; nothing of the text. */
    static final class Unusable extends Exception {
        private Unusable(String message) {
            super(message);
        }
    }

    /**
     * Reads a URL that was judged before.
     *
     * @throws IllegalArgumentException when it is not usable; the message has nothing of it
     */
    public static RedisUrl of(String text) {
        try {
            return parse(text);
        } catch (Unusable e) {
            throw new IllegalArgumentException("The URL " + e.getMessage());
        }
    }

    static RedisUrl parse(String text) throws Unusable {
        URI url = uri(text);
        boolean tls = "rediss".equals(url.getScheme());
        if (!tls && !"redis".equals(url.getScheme())
                || url.getHost() == null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || !url.getRawPath().matches("|/|/\\d{1,5}")) {
            throw new Unusable("is not the URL of a Redis");
        }
        if (url.getRawUserInfo() != null && !url.getRawUserInfo().contains(":")) {
            throw new Unusable("names a user without a password");
        }
        if (!tls && !Loopback.names(url.getHost())) {
            throw new Unusable("is not encrypted and leaves this machine");
        }
        return new RedisUrl(url);
    }

    boolean tls() {
        return "rediss".equals(url.getScheme());
    }

    /** For the client, which takes a plus in user or password for a space. */
    String connectionString() {
        String user = url.getRawUserInfo();
        String path = url.getRawPath().length() > 1 ? url.getRawPath() : "";
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme()
                + "://"
                + (user == null ? "" : encoded(user) + "@")
                + url.getHost()
                + port
                + path;
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getHost();
    }

    private static URI uri(String text) throws Unusable {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Unusable("is not a URL, or has characters to percent-encode");
        }
    }

    private static String encoded(String userInfo) {
        int colon = userInfo.indexOf(':');
        return encodedPart(userInfo.substring(0, colon))
                + ":"
                + encodedPart(userInfo.substring(colon + 1));
    }

    private static String encodedPart(String part) {
        return URLEncoder.encode(URLDecoder.decode(part.replace("+", "%2B"), UTF_8), UTF_8);
    }
}
