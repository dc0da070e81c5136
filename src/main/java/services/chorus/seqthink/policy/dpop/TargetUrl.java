package services.chorus.seqthink.policy.dpop;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The parts of {@code htu} that are compared: without query and fragment (RFC 9449 section 4.3),
 * normalized by RFC 3986 sections 6.2.2.1 and 6.2.3.
 */
record TargetUrl(String scheme, String host, int port, String path) {

    static boolean same(String one, String other) {
        Optional<TargetUrl> first = of(one);
        return first.isPresent() && first.equals(of(other));
    }

    private static Optional<TargetUrl> of(String text) {
        try {
            URI url = new URI(text);
            if (url.getScheme() == null || url.getHost() == null || url.getUserInfo() != null) {
                return Optional.empty();
            }
            String scheme = url.getScheme().toLowerCase(Locale.ROOT);
            return Optional.of(
                    new TargetUrl(
                            scheme,
                            url.getHost().toLowerCase(Locale.ROOT),
                            url.getPort() == -1 ? usualPort(scheme) : url.getPort(),
                            url.getRawPath().isEmpty() ? "/" : url.getRawPath()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static int usualPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            default -> -1;
        };
    }
}
