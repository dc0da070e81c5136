package services.chorus.seqthink.http;

import jakarta.inject.Singleton;
import java.net.URI;

/** What callers call this service; never taken from a request. */
@Singleton
public final class PublicUrl {

    private final String base;

    PublicUrl(GatewayConfig config) {
        // without one only where nothing is compared with it: an issuer alone, or development
        this.base =
                config.publicUrl()
                        .map(URI::toString)
                        .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                        .orElse("http://localhost:" + config.port());
    }

    /** The full URL of a route, which starts with a slash. */
    String of(String route) {
        return base + route;
    }

    /** What the routes stand below, without a slash at its end. */
    public String base() {
        return base;
    }
}
