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
 * Makes SmallRye JWT verify tokens with our key sets: a flood of unknown key ids makes SmallRye's
 * own resolver reject rotated keys.
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
