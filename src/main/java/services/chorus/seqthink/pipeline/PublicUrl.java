package services.chorus.seqthink.pipeline;

/**
 * What callers call: the URL of this service that envelopes and proofs are compared with.
 *
 * @param base without a slash at its end
 */
public record PublicUrl(String base) {

    public PublicUrl {
        base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /** The full URL of a route, which starts with a slash. */
    public String of(String route) {
        return base + route;
    }
}
