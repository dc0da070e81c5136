package services.chorus.seqthink.app;

import com.fasterxml.jackson.databind.node.TextNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.policy.denied.DeniedTokens;
import services.chorus.seqthink.policy.rules.AccessRequest;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.policy.rules.Rules.Decision;
import services.chorus.seqthink.policy.rules.Rules.Finding;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Explains how a gateway with some configuration decides about a request, step by step in the
 * gateway's order, up to the step that denies it.
 *
 * @param allowed whether the gateway allows the request
 * @param warnings what the explanation could not take into account
 * @param lines one for each step, then the outcome
 */
public record PolicyExplanation(boolean allowed, List<String> warnings, List<String> lines) {

    /**
     * Fetches keys and revoked tokens from the issuers, and decides about one request.
     *
     * @param token the access token; empty where policy is off
     * @throws IOException when the file of certificate authorities cannot be read
     */
    public static PolicyExplanation of(
            Configuration.Usable usable, Optional<String> token, AccessRequest asked)
            throws IOException, InterruptedException {
        Steps steps = new Steps(usable);
        Optional<Verdict> verdict =
                token.isPresent() ? Optional.of(steps.verify(token.get())) : Optional.empty();
        boolean allowed =
                steps.token(verdict)
                        .flatMap(steps::route)
                        .map(scopes -> steps.rules(scopes, asked))
                        .orElse(false);
        return new PolicyExplanation(allowed, steps.warnings, steps.lines);
    }

    /** Each step returns what the next one needs, or empty to deny. */
    private static final class Steps {

        private final Configuration.Usable usable;
        private final List<String> warnings = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();

        private Steps(Configuration.Usable usable) {
            this.usable = usable;
        }

        /** With the same parts as a gateway. */
        private Verdict verify(String token) throws IOException, InterruptedException {
            InstantSource clock = InstantSource.system();
            Issuer own = new Issuer(usable.issuer(), Steps::noAssertions, clock);
            Meters meters = new Meters(new SimpleMeterRegistry());
            CertificateAuthorities authorities =
                    CertificateAuthorities.systemAnd(usable.http().caPath());
            TokenAssembly assembly = new TokenAssembly();
            TokenAssembly.Issuers issuers =
                    assembly.issuers(
                            usable.policy(),
                            usable.gateway(),
                            usable.issuer(),
                            () -> own,
                            authorities,
                            clock);
            try (TokenVerifier verifier = assembly.verifier(issuers, clock, meters);
                    DeniedTokens tokens =
                            assembly.tokens(
                                    verifier,
                                    issuers,
                                    usable.opaque(),
                                    usable.policy(),
                                    Rules.from(usable.rules()),
                                    () -> own,
                                    authorities,
                                    clock,
                                    meters)) {
                if (!tokens.awaitLists()) {
                    warnings.add(
                            "An issuer's list of revoked tokens cannot be fetched: a running"
                                    + " gateway uses its last one");
                }
                return tokens.verify(token);
            }
        }

        private static AssertionMemory noAssertions() {
            throw new IllegalStateException("Explaining needs no client assertion");
        }

        private Optional<Set<String>> token(Optional<Verdict> verdict) {
            if (verdict.isEmpty()) {
                lines.add("token: not checked, since policy is off (INSECURE_DEV)");
                return Optional.of(Set.of(usable.policy().requiredScope()));
            }
            return switch (verdict.get()) {
                case Verdict.Accepted(AccessToken token) -> accepted(token);
                case Verdict.Refused(var reason) -> {
                    lines.add("token: " + reason.description());
                    yield denied("401, because of the token");
                }
                case Verdict.KeysUnavailable() -> {
                    lines.add("token: the keys of its issuer cannot be fetched");
                    yield denied("503, until they can be fetched");
                }
            };
        }

        private Optional<Set<String>> accepted(AccessToken token) {
            Caller caller = token.caller();
            lines.add(
                    "token: valid until %s, of %s %s at %s, with %s"
                            .formatted(
                                    token.expiresAt(),
                                    caller.kind() == Caller.Kind.SUBJECT ? "subject" : "client",
                                    quoted(caller.name()),
                                    quoted(caller.issuer()),
                                    scopes(token.scopes().stream().sorted().toList())));
            if (token.boundTo().isPresent()) {
                lines.add("token: bound to a key, so each call needs a DPoP proof");
            } else if (usable.dpop().required()) {
                lines.add("token: " + Reason.NOT_BOUND.description());
                return denied("401, because of the token");
            }
            return Optional.of(token.scopes());
        }

        private Optional<Set<String>> route(Set<String> scopes) {
            String required = usable.policy().requiredScope();
            if (scopes.contains(required)) {
                lines.add("route: needs %s, which the token has".formatted(required));
                return Optional.of(scopes);
            }
            lines.add("route: needs %s, which the token lacks".formatted(required));
            return denied("403, because of the scope of the route");
        }

        private boolean rules(Set<String> scopes, AccessRequest asked) {
            Rules rules = Rules.from(usable.rules());
            List<Finding> findings = rules.findings(asked);
            if (findings.isEmpty()) {
                lines.add("rules: there are none");
            }
            findings.forEach(finding -> lines.add(words(finding, scopes)));
            return switch (rules.decide(asked, scopes)) {
                case Decision.Allowed() -> {
                    lines.add("allowed");
                    yield true;
                }
                case Decision.LacksScopes(Set<String> needed) ->
                        refused("the call needs " + scopes(List.copyOf(needed)));
                case Decision.NotAllowed() -> refused("no rule matches");
            };
        }

        private boolean refused(String why) {
            lines.add("denied: 403 inside the sealed reply, because " + why);
            return false;
        }

        private Optional<Set<String>> denied(String answer) {
            lines.add("denied: " + answer);
            return Optional.empty();
        }

        private static String words(Finding finding, Set<String> scopes) {
            if (!finding.matches()) {
                return "%s: does not match, %s"
                        .formatted(finding.rule(), finding.mismatch().orElseThrow());
            }
            List<String> lacking =
                    finding.scopes().stream().filter(scope -> !scopes.contains(scope)).toList();
            return "%s: matches, needs %s%s"
                    .formatted(
                            finding.rule(),
                            scopes(List.copyOf(finding.scopes())),
                            lacking.isEmpty() ? "" : ", lacks " + scopes(lacking));
        }

        private static String scopes(List<String> scopes) {
            return scopes.isEmpty()
                    ? "no scope"
                    : scopes.stream().collect(Collectors.joining(" and "));
        }

        /** Keeps a name from looking like a line of the output. */
        private static String quoted(String text) {
            return TextNode.valueOf(text).toString();
        }
    }
}
