package services.chorus.seqthink.pipeline;

/**
 * The URL that callers use; envelopes and proofs are compared with it.
 *
 * @param base without a trailing slash
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
