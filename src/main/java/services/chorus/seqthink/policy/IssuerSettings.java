package services.chorus.seqthink.policy;

import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One issuer as an operator named it.
 *
 * @param issuer its {@code iss}
 * @param audience what the {@code aud} of its tokens must contain
 * @param jwksUrl where it publishes its keys; empty when it runs in this process
 * @param algorithms what its tokens may be signed with, as far as its keys permit it
 * @param denyUrl where it publishes which of its tokens are revoked, if it does
 */
public record IssuerSettings(
        String issuer,
        String audience,
        Optional<URI> jwksUrl,
        Set<SignatureAlgorithm> algorithms,
        Optional<URI> denyUrl) {

    public IssuerSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /**
     * The issuers of the lists and of the table.
     *
     * @param config one in which {@link PolicyCheck} found no fault
     * @param ownIssuer the {@code iss} of the issuer in this process, if there is one
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
                entry.algorithms()
                        .map(IssuerSettings::algorithms)
                        .orElse(EnumSet.allOf(SignatureAlgorithm.class)),
                entry.denyUrl().map(URI::create));
    }

    private static Set<SignatureAlgorithm> algorithms(List<String> names) {
        return names.stream()
                .flatMap(name -> SignatureAlgorithm.named(name.strip()).stream())
                .collect(Collectors.toSet());
    }

    /**
     * Pairs the lists by position. The issuer that runs in this process takes no URLs; the others
     * take theirs in order.
     */
    private static List<IssuerSettings> listed(PolicyConfig config, Optional<String> ownIssuer) {
        List<String> issuers = stripped(config.issuers());
        List<String> audiences = stripped(config.audiences());
        var jwksUrls = config.jwksUrls().orElse(List.of()).iterator();
        var denyUrls = config.denyUrls().orElse(List.of()).iterator();
        return IntStream.range(0, issuers.size())
                .mapToObj(
                        i -> {
                            String issuer = issuers.get(i);
                            boolean own = isOwn(issuer, ownIssuer);
                            return new IssuerSettings(
                                    issuer,
                                    audiences.get(i),
                                    own ? Optional.empty() : Optional.of(jwksUrls.next()),
                                    EnumSet.allOf(SignatureAlgorithm.class),
                                    own || !denyUrls.hasNext()
                                            ? Optional.empty()
                                            : Optional.of(denyUrls.next()));
                        })
                .toList();
    }

    static List<String> stripped(Optional<List<String>> values) {
        return values.orElse(List.of()).stream().map(String::strip).toList();
    }

    static boolean isOwn(String issuer, Optional<String> ownIssuer) {
        return ownIssuer.filter(issuer::equals).isPresent();
    }
}
