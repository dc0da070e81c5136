package services.chorus.seqthink.issuer;

/** The paths of the token authority, below its URL. */
public final class IssuerRoutes {

    /** RFC 7517 section 5. */
    public static final String JWKS = "/.well-known/jwks.json";

    /** RFC 8414. */
    public static final String METADATA = "/.well-known/oauth-authorization-server";

    /** The signed list of revoked tokens; {@code docs/protocol.md}. */
    public static final String REVOKED_TOKENS = "/.well-known/revoked-tokens";

    /** RFC 6749 section 3.2. */
    public static final String TOKEN = "/oauth/token";

    /** RFC 7662. */
    public static final String INTROSPECTION = "/oauth/introspect";

    /** RFC 7009. */
    public static final String REVOCATION = "/oauth/revoke";

    private IssuerRoutes() {}
}
