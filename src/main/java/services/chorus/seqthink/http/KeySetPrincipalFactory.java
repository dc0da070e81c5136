package services.chorus.seqthink.http;

import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;

/**
 * Lets SmallRye JWT judge tokens by our own key sets: its own resolver can be made to refuse a
 * rotated key by sending it unknown ones.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class KeySetPrincipalFactory extends JWTCallerPrincipalFactory {

    private final TokenJudge tokens;

    KeySetPrincipalFactory(TokenJudge tokens) {
        this.tokens = tokens;
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo unused) throws ParseException {
        return switch (tokens.verify(token)) {
            case Verdict.Accepted(var accepted) -> new CallerPrincipal.Token(token, accepted);
            case Verdict.Refused(var reason) ->
                    throw new ParseException(
                            "refused", new Refused(new Refused.InvalidToken(reason)));
            case Verdict.KeysUnavailable() ->
                    throw new ParseException("no keys", Refused.outside(Problem.KEYS_UNAVAILABLE));
        };
    }
}
