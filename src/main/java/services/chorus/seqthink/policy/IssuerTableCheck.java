package services.chorus.seqthink.policy;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.net.BoundedHttp;

/**
 * What is wrong with the table of issuers.
 *
 * @param ownIssuer the {@code iss} of the issuer in this process, if there is one
 * @param listed the issuers that the lists name already
 */
record IssuerTableCheck(Optional<String> ownIssuer, List<String> listed) {

    private static final String HTTPS = "set it to an https URL; http is for loopback only";

    /** One entry, and what its faults are collected in. */
    private record Entry(int index, PolicyConfig.Entry said, List<Fault> faults) {

        void fault(String key, String problem, String fix) {
            faults.add(
                    new Fault("seqthink.policy.issuer[%d].%s".formatted(index, key), problem, fix));
        }
    }

    List<Fault> faults(List<PolicyConfig.Entry> table) {
        List<Fault> faults = new ArrayList<>();
        Set<String> named = new HashSet<>(listed);
        for (int i = 0; i < table.size(); i++) {
            Entry entry = new Entry(i, table.get(i), faults);
            checkName(entry, named);
            checkAudience(entry);
            checkJwksUrl(entry);
            checkAlgorithms(entry);
            entry.said().denyUrl().ifPresent(url -> checkUrl(entry, "deny-url", url));
        }
        return faults;
    }

    private static void checkName(Entry entry, Set<String> named) {
        Optional<String> name = text(entry.said().name());
        if (name.isEmpty()) {
            entry.fault("name", "is missing", "set it to the `iss` of the tokens to accept");
        } else if (!named.add(name.get())) {
            entry.fault(
                    "name",
                    "names an issuer twice",
                    "name each issuer only once, in this table or in JWT_ISSUER");
        }
    }

    private static void checkAudience(Entry entry) {
        if (text(entry.said().audience()).isEmpty()) {
            entry.fault("audience", "is missing", "set it to the `aud` of this service");
        }
    }

    private void checkJwksUrl(Entry entry) {
        Optional<String> url = entry.said().jwksUrl();
        boolean own =
                entry.said()
                        .name()
                        .filter(name -> IssuerSettings.isOwn(name, ownIssuer))
                        .isPresent();
        if (own && url.isPresent()) {
            entry.fault(
                    "jwks-url",
                    "is set although the issuer is this service itself",
                    "unset it; its keys are read in process");
        } else if (!own && url.isEmpty()) {
            entry.fault("jwks-url", "is missing", HTTPS);
        }
        url.ifPresent(said -> checkUrl(entry, "jwks-url", said));
    }

    private static void checkUrl(Entry entry, String key, String url) {
        if (!Form.url().accepts(url) || !BoundedHttp.permits(URI.create(url))) {
            entry.fault(key, "is neither https nor on loopback", HTTPS);
        }
    }

    private static void checkAlgorithms(Entry entry) {
        boolean known =
                entry.said().algorithms().orElse(List.of()).stream()
                        .allMatch(name -> SignatureAlgorithm.named(name.strip()).isPresent());
        if (!known) {
            entry.fault(
                    "algorithms",
                    "names one that is not accepted",
                    "set it to some of %s, or unset it to accept what the issuer's keys permit"
                            .formatted(String.join(", ", SignatureAlgorithm.names())));
        }
    }

    private static Optional<String> text(Optional<String> said) {
        return said.filter(text -> !text.isBlank());
    }
}
