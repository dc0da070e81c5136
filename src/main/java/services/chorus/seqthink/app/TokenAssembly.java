package services.chorus.seqthink.app;

import jakarta.enterprise.inject.Disposes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.policy.HttpKeySource;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.KeySet;
import services.chorus.seqthink.policy.KeySource;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.TrustedIssuer;
import services.chorus.seqthink.policy.denied.DeniedTokens;
import services.chorus.seqthink.policy.denied.DeniedTokens.DenyList;
import services.chorus.seqthink.policy.denied.PublishedDenyList;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;
import services.chorus.seqthink.policy.opaque.OpaqueTokens;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.policy.rules.RulesConfig;
import services.chorus.seqthink.sealing.Freshness;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/** Creates the verification of tokens: issuers, their keys, revoked tokens, and DPoP proofs. */
@Singleton
public final class TokenAssembly {

    /** The trusted issuers. */
    public record Issuers(List<TrustedIssuer> trusted) {}

    @Singleton
    public Issuers issuers(
            PolicyConfig config,
            GatewayConfig gateway,
            IssuerConfig issuerConfig,
            Provider<Issuer> own,
            CertificateAuthorities authorities,
            InstantSource clock) {
        Optional<String> ownName =
                Role.ISSUER.actsIn(gateway) ? issuerConfig.url() : Optional.empty();
        return new Issuers(
                IssuerSettings.from(config, ownName).stream()
                        .map(
                                settings ->
                                        new TrustedIssuer(
                                                settings,
                                                KeySet.open(
                                                        settings.issuer(),
                                                        source(settings, own, authorities),
                                                        config.jwksMaxStale(),
                                                        clock)))
                        .toList());
    }

    @Singleton
    public TokenVerifier verifier(Issuers issuers, InstantSource clock, Meters meters) {
        TokenVerifier verifier = new TokenVerifier(issuers.trusted(), clock);
        watch(verifier, issuers.trusted(), clock, meters);
        return verifier;
    }

    void stop(@Disposes TokenVerifier verifier) {
        verifier.close();
    }

    private static void watch(
            TokenVerifier verifier,
            Collection<TrustedIssuer> issuers,
            InstantSource clock,
            Meters meters) {
        List<KeySet> keySets = issuers.stream().map(TrustedIssuer::keys).toList();
        Instant started = clock.instant();
        meters.watch(Reading.JWKS_AGE, () -> oldest(keySets, started, clock));
        meters.watch(Reading.JWKS_FETCHES, () -> sum(keySets, KeySet::fetches));
        meters.watch(Reading.JWKS_FAILURES, () -> sum(keySets, KeySet::failures));
        meters.watch(Reading.SIGNATURE_CHECKS, verifier::signatureChecks);
    }

    /** In seconds. Keys that were never fetched are as old as the wait for them. */
    private static double oldest(List<KeySet> keySets, Instant started, InstantSource clock) {
        Duration waited = Duration.between(started, clock.instant());
        return keySets.stream()
                .map(keys -> keys.age().orElse(waited))
                .mapToDouble(age -> age.toMillis() / 1000.0)
                .max()
                .orElse(0);
    }

    private static long sum(List<KeySet> keySets, ToLongFunction<KeySet> count) {
        return keySets.stream().mapToLong(count).sum();
    }

    @Singleton
    public DeniedTokens tokens(
            TokenVerifier signed,
            Issuers issuers,
            OpaqueConfig opaque,
            PolicyConfig policy,
            Rules rules,
            Provider<Issuer> own,
            CertificateAuthorities authorities,
            InstantSource clock,
            Meters meters) {
        BoundedHttp http =
                new BoundedHttp(
                        PublishedDenyList.TIMEOUT,
                        PublishedDenyList.LARGEST,
                        authorities.context());
        Map<String, DenyList> lists = new HashMap<>();
        for (TrustedIssuer issuer : issuers.trusted()) {
            IssuerSettings settings = issuer.settings();
            if (isOwn(settings)) {
                lists.put(issuer.name(), id -> own.get().isRevoked(id));
            } else if (settings.denyUrl().isPresent()) {
                lists.put(
                        issuer.name(),
                        PublishedDenyList.open(
                                issuer,
                                new IssuerEndpoint(settings.denyUrl().get(), http),
                                PublishedDenyList.INTERVAL,
                                clock,
                                () -> meters.count(Count.DENY_LIST_FAILURES)));
            }
        }
        TokenJudge judge =
                opaque.isOff()
                        ? signed::verify
                        : signedOrOpaque(
                                signed,
                                new OpaqueTokens(
                                        opaque,
                                        policy.firstAudience(),
                                        everyScope(policy, rules),
                                        new BoundedHttp(
                                                OpaqueTokens.TIMEOUT,
                                                OpaqueTokens.LARGEST,
                                                authorities.context()),
                                        clock,
                                        () -> meters.count(Count.INTROSPECTION_FAILURES)));
        DeniedTokens tokens = new DeniedTokens(judge, lists);
        meters.watch(Reading.DENY_LIST_AGE, () -> tokens.age().toMillis() / 1000.0);
        return tokens;
    }

    private static TokenJudge signedOrOpaque(TokenVerifier signed, OpaqueTokens opaque) {
        return token -> signed.knows(token) ? signed.verify(token) : opaque.verify(token);
    }

    private static Set<String> everyScope(PolicyConfig policy, Rules rules) {
        Set<String> scopes = new HashSet<>(rules.scopes());
        scopes.add(policy.requiredScope());
        return scopes;
    }

    void stop(@Disposes DeniedTokens tokens) {
        tokens.close();
    }

    @Singleton
    ProofVerifier proofs(Freshness freshness) {
        return new ProofVerifier(
                freshness.window(), freshness.ahead(), freshness.since(), freshness.clock());
    }

    @Singleton
    ProofGuard proofGuard(SealingConfig config, SharedState state) {
        return new ProofGuard(state, config.replayWindow(), config.replayQuota());
    }

    @Singleton
    Rules rules(RulesConfig config) {
        return Rules.from(config);
    }

    private static KeySource source(
            IssuerSettings settings, Provider<Issuer> own, CertificateAuthorities authorities) {
        if (isOwn(settings)) {
            // free of cost, so without caching
            return () ->
                    new KeySource.Document(own.get().keys().jwks(), Optional.of(Duration.ZERO));
        }
        return new HttpKeySource(
                new IssuerEndpoint(
                        settings.jwksUrl().orElseThrow(),
                        new BoundedHttp(
                                HttpKeySource.TIMEOUT,
                                HttpKeySource.LARGEST,
                                authorities.context())));
    }

    /** Whether the issuer runs in this process. */
    static boolean isOwn(IssuerSettings settings) {
        return settings.jwksUrl().isEmpty();
    }
}
