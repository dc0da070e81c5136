package services.chorus.seqthink.http;

import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import services.chorus.seqthink.policy.AccessToken;

/** A verified token in the form that MicroProfile JWT knows, with the few claims we vouch for. */
final class TokenPrincipal extends JWTCallerPrincipal implements Presenter {

    private final AccessToken token;
    private final Map<String, Object> claims;

    TokenPrincipal(String compact, AccessToken token) {
        super(compact, "Bearer");
        this.token = token;
        this.claims =
                Map.of(
                        Claims.iss.name(), token.caller().issuer(),
                        Claims.sub.name(), token.caller().name(),
                        Claims.exp.name(), token.expiresAt().getEpochSecond(),
                        Claims.groups.name(), Set.of());
    }

    @Override
    public Presented presented() {
        return Presented.token(token);
    }

    @Override
    public Optional<String> token() {
        return Optional.of(getRawToken());
    }

    @Override
    public String getName() {
        return token.caller().name();
    }

    @Override
    protected Collection<String> doGetClaimNames() {
        return claims.keySet();
    }

    @Override
    protected Object getClaimValue(String name) {
        return claims.get(name);
    }

    /** Without the token, which the inherited form would show. */
    @Override
    public String toString(boolean showAll) {
        return "TokenPrincipal[]";
    }

    @Override
    public String toString() {
        return toString(false);
    }
}
