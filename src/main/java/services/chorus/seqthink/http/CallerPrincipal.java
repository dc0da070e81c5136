package services.chorus.seqthink.http;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import java.security.Principal;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import services.chorus.seqthink.pipeline.AuthenticatedCaller;
import services.chorus.seqthink.policy.AccessToken;

/** An authenticated caller as a principal of the security layer. */
interface CallerPrincipal {

    AuthenticatedCaller caller();

    static CallerPrincipal of(SecurityIdentity identity) {
        if (identity.getPrincipal() instanceof CallerPrincipal principal) {
            return principal;
        }
        throw new IllegalStateException("The identity was not created by the gateway");
    }

    /** The synthetic caller while policy is off. */
    record Developer(AuthenticatedCaller caller) implements Principal, CallerPrincipal {

        @Override
        public String getName() {
            return caller.caller().name();
        }
    }

    /** A verified token as a MicroProfile JWT principal, with verified claims only. */
    final class Token extends JWTCallerPrincipal implements CallerPrincipal {

        private final AuthenticatedCaller caller;
        private final Map<String, Object> claims;

        Token(String compact, AccessToken token) {
            super(compact, "Bearer");
            this.caller = AuthenticatedCaller.of(compact, token);
            this.claims =
                    Map.of(
                            Claims.iss.name(), token.caller().issuer(),
                            Claims.sub.name(), token.caller().name(),
                            Claims.exp.name(), token.expiresAt().getEpochSecond(),
                            Claims.groups.name(), Set.of());
        }

        @Override
        public AuthenticatedCaller caller() {
            return caller;
        }

        @Override
        public String getName() {
            return caller.caller().name();
        }

        @Override
        protected Collection<String> doGetClaimNames() {
            return claims.keySet();
        }

        @Override
        protected Object getClaimValue(String name) {
            return claims.get(name);
        }

        /** Hides the token, which the inherited method would show. */
        @Override
        public String toString(boolean showAll) {
            return "CallerPrincipal[]";
        }

        @Override
        public String toString() {
            return toString(false);
        }
    }
}
