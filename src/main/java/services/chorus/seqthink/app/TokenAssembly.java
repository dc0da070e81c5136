package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toMap;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.policy.HttpKeySource;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.KeySet;
import services.chorus.seqthink.policy.KeySource;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.TrustedIssuer;
import services.chorus.seqthink.policy.denied.DeniedTokens;
import services.chorus.seqthink.policy.denied.DenyList;
import services.chorus.seqthink.policy.denied.PublishedDenyList;
import services.chorus.seqthink.policy.opaque.OpaqueConfig;
import services.chorus.seqthink.policy.opaque.OpaqueTokens;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;

/** The policy room's parts that judge tokens: issuers, their keys, and what they took back. */
@Singleton
public final class TokenAssembly {

    /** Who may issue tokens. */
    public record Issuers(Map<IssuerSettings, TrustedIssuer> trusted) {

        List<TrustedIssuer> all() {
            return List.copyOf(trusted.values());
        }
    }

    @Produces
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
                        .collect(
                                toMap(
                                        settings -> settings,
                                        settings ->
                                                TrustedIssuer.of(
                                                        settings,
                                                        KeySet.open(
                                                                settings.issuer(),
                                                                source(settings, own, authorities),
                                                                config.jwksMaxStale(),
                                                                clock)))));
    }

    @Produces
    @Singleton
    public TokenVerifier verifier(Issuers issuers, InstantSource clock, Meters meters) {
        TokenVerifier verifier = new TokenVerifier(issuers.all(), clock);
        TokenMeters.watch(verifier, issuers.all(), clock, meters);
        return verifier;
    }

    void stop(@Disposes TokenVerifier verifier) {
        verifier.close();
    }

    /** Judges tokens of both kinds. */
    @FunctionalInterface
    interface SignedOrOpaque extends TokenJudge {}

    @Produces
    @Singleton
    @Typed(SignedOrOpaque.class)
    public SignedOrOpaque judge(
            TokenVerifier signed,
            OpaqueConfig config,
            PolicyConfig policy,
            Rules rules,
            CertificateAuthorities authorities,
            InstantSource clock,
            Meters meters) {
        if (config.isOff()) {
            return signed::verify;
        }
        Set<String> everyScope = new HashSet<>(rules.scopes());
        everyScope.add(policy.requiredScope());
        OpaqueTokens opaque =
                OpaqueTokens.from(
                        config,
                        policy.audiences().flatMap(audiences -> audiences.stream().findFirst()),
                        everyScope,
                        new BoundedHttp(
                                OpaqueTokens.TIMEOUT, OpaqueTokens.LARGEST, authorities.context()),
                        clock,
                        () -> meters.count(Count.INTROSPECTION_FAILURES));
        return token -> signed.knows(token) ? signed.verify(token) : opaque.verify(token);
    }

    @Produces
    @Singleton
    public DeniedTokens tokens(
            SignedOrOpaque judge,
            Issuers issuers,
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
        issuers.trusted()
                .forEach(
                        (settings, issuer) -> {
                            if (isOwn(settings)) {
                                lists.put(issuer.name(), id -> own.get().isRevoked(id));
                            } else if (settings.denyUrl().isPresent()) {
                                URI url = settings.denyUrl().get();
                                lists.put(
                                        issuer.name(),
                                        PublishedDenyList.open(
                                                issuer,
                                                url,
                                                http,
                                                PublishedDenyList.INTERVAL,
                                                clock,
                                                () -> meters.count(Count.DENY_LIST_FAILURES)));
                            }
                        });
        DeniedTokens tokens = new DeniedTokens(judge, lists);
        meters.watch(Level.DENY_LIST_AGE, () -> tokens.age().toMillis() / 1000.0);
        return tokens;
    }

    void stop(@Disposes DeniedTokens tokens) {
        tokens.close();
    }

    private static KeySource source(
            IssuerSettings settings, Provider<Issuer> own, CertificateAuthorities authorities) {
        if (isOwn(settings)) {
            // costs nothing, so as often as keys are ever asked for
            return () -> new KeySource.Document(own.get().jwks(), Optional.of(Duration.ZERO));
        }
        return new HttpKeySource(
                settings.jwksUrl().orElseThrow(), HttpKeySource.TIMEOUT, authorities.context());
    }

    /** Whether it runs in this process. */
    static boolean isOwn(IssuerSettings settings) {
        return settings.jwksUrl().isEmpty();
    }
}
