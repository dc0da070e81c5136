package services.chorus.seqthink.policy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of one issuer.
 *
 * @param issuer {@code iss}
 * @param audience a value that the {@code aud} of its tokens must contain
 * @param jwksUrl the URL of its keys; empty when it runs in this process
 * @param algorithms the accepted signature algorithms, as far as its keys permit them
 * @param denyUrl the URL of its list of revoked tokens
 */
public record IssuerSettings(
        String issuer,
        String audience,
        Optional<URI> jwksUrl,
        Set<SignatureAlgorithm> algorithms,
        Optional<URI> denyUrl) {

    private static final Set<SignatureAlgorithm> ANY = Set.of(SignatureAlgorithm.values());

    public IssuerSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /**
     * The issuers of the lists and of the table.
     *
     * @param config without faults by {@link PolicyCheck}
     * @param ownIssuer the {@code iss} of the issuer in this process
     */
    public static List<IssuerSettings> from(PolicyConfig config, Optional<String> ownIssuer) {
        return Stream.concat(
                        listed(config, ownIssuer).stream(),
                        config.table().stream().map(IssuerSettings::from))
                .toList();
    }

    /** The {@code iss} of each, in the same order. */
    public static List<String> names(PolicyConfig config) {
        return Stream.concat(
                        stripped(config.issuers()).stream(),
                        config.table().stream().flatMap(entry -> entry.name().stream()))
                .toList();
    }

    private static IssuerSettings from(PolicyConfig.Entry entry) {
        return new IssuerSettings(
                entry.name().orElseThrow(),
                entry.audience().orElseThrow(),
                entry.jwksUrl().map(URI::create),
                entry.algorithms().map(IssuerSettings::algorithms).orElse(ANY),
                entry.denyUrl().map(URI::create));
    }

    private static Set<SignatureAlgorithm> algorithms(List<String> names) {
        return names.stream()
                .flatMap(name -> SignatureAlgorithm.named(name.strip()).stream())
                .collect(Collectors.toSet());
    }

    /**
     * Pairs the lists by position. The lists of URLs have no entry for the issuer in this process.
     */
    private static List<IssuerSettings> listed(PolicyConfig config, Optional<String> ownIssuer) {
        var audiences = stripped(config.audiences()).iterator();
        var jwksUrls = config.jwksUrls().orElse(List.of()).iterator();
        var denyUrls = config.denyUrls().orElse(List.of()).iterator();
        List<IssuerSettings> listed = new ArrayList<>();
        for (String issuer : stripped(config.issuers())) {
            boolean own = isOwn(issuer, ownIssuer);
            listed.add(
                    new IssuerSettings(
                            issuer,
                            audiences.next(),
                            own ? Optional.empty() : Optional.of(jwksUrls.next()),
                            ANY,
                            own || !denyUrls.hasNext()
                                    ? Optional.empty()
                                    : Optional.of(denyUrls.next())));
        }
        return listed;
    }

    static List<String> stripped(Optional<List<String>> values) {
        return values.orElse(List.of()).stream().map(String::strip).toList();
    }

    static boolean isOwn(String issuer, Optional<String> ownIssuer) {
        return ownIssuer.filter(issuer::equals).isPresent();
    }
}
