package services.chorus.seqthink.policy;

import static services.chorus.seqthink.policy.PolicyConfig.AUDIENCE;
import static services.chorus.seqthink.policy.PolicyConfig.DENY_URL;
import static services.chorus.seqthink.policy.PolicyConfig.ISSUER;
import static services.chorus.seqthink.policy.PolicyConfig.JWKS_URL;
import static services.chorus.seqthink.policy.PolicyConfig.SCOPE;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.net.BoundedHttp;

/**
 * Checks the policy variables together.
 *
 * @param ownIssuer the {@code iss} of the issuer in this process, which needs no URL
 * @param missingAllowed whether the policy may be missing ({@code INSECURE_DEV}); an incomplete
 *     policy is always a fault
 */
public record PolicyCheck(Optional<String> ownIssuer, boolean missingAllowed) {

    private static final String HTTPS = "set it to an https URL; http is for loopback only";

    /** The faults, in the order of the table of variables in the documentation. */
    public List<Fault> faults(PolicyConfig config) {
        List<Fault> faults = new ArrayList<>();
        List<URI> jwksUrls = config.jwksUrls().orElse(List.of());
        List<String> issuers = IssuerSettings.stripped(config.issuers());
        List<String> audiences = IssuerSettings.stripped(config.audiences());
        boolean listed = !(jwksUrls.isEmpty() && issuers.isEmpty() && audiences.isEmpty());
        boolean needed = config.table().isEmpty() && !missingAllowed;
        if (listed || needed) {
            addJwksFaults(jwksUrls, issuers, faults);
            addIssuerFaults(issuers, faults);
            addAudienceFaults(audiences, issuers, faults);
        }
        config.denyUrls().ifPresent(urls -> addDenyFaults(urls, jwksUrls, faults));
        Set<String> named = new HashSet<>(issuers);
        for (int i = 0; i < config.table().size(); i++) {
            String place = "seqthink.policy.issuer[" + i + "].";
            addEntryFaults(place, config.table().get(i), named, faults);
        }
        if (!AccessToken.isScope(config.requiredScope())) {
            faults.add(SCOPE.invalid());
        }
        return List.copyOf(faults);
    }

    private void addJwksFaults(List<URI> jwksUrls, List<String> issuers, List<Fault> faults) {
        long others =
                issuers.stream().filter(issuer -> !IssuerSettings.isOwn(issuer, ownIssuer)).count();
        boolean needed = others > 0 || ownIssuer.isEmpty();
        if (jwksUrls.isEmpty() && needed) {
            faults.add(JWKS_URL.missing());
        } else if (jwksUrls.size() != others && !issuers.isEmpty()) {
            faults.add(
                    JWKS_URL.fault(
                            "has %d URLs for %d issuers".formatted(jwksUrls.size(), others),
                            "set one for each issuer in JWT_ISSUER other than this service itself,"
                                    + " in the same order"));
        }
        if (!jwksUrls.stream().allMatch(BoundedHttp::permits)) {
            faults.add(notHttps(JWKS_URL));
        }
    }

    private static void addDenyFaults(List<URI> denyUrls, List<URI> jwksUrls, List<Fault> faults) {
        if (denyUrls.size() != jwksUrls.size()) {
            faults.add(
                    DENY_URL.fault(
                            "has %d URLs, but KACHING_JWKS_URL has %d"
                                    .formatted(denyUrls.size(), jwksUrls.size()),
                            "set one for each URL in KACHING_JWKS_URL, in the same order, or unset"
                                    + " it; in the table of issuers, set deny-url for single issuers"));
        }
        if (!denyUrls.stream().allMatch(BoundedHttp::permits)) {
            faults.add(notHttps(DENY_URL));
        }
    }

    private void addIssuerFaults(List<String> issuers, List<Fault> faults) {
        Set<String> seen = new HashSet<>();
        if (issuers.isEmpty()) {
            faults.add(ISSUER.missing());
        } else if (issuers.contains("")) {
            faults.add(ISSUER.invalid());
        } else if (!issuers.stream().allMatch(seen::add)) {
            faults.add(ISSUER.fault("names an issuer twice", "name each issuer only once"));
        }
    }

    private void addAudienceFaults(
            List<String> audiences, List<String> issuers, List<Fault> faults) {
        if (audiences.isEmpty()) {
            faults.add(AUDIENCE.missing());
        } else if (audiences.contains("")) {
            faults.add(AUDIENCE.invalid());
        } else if (audiences.size() != issuers.size() && !issuers.isEmpty()) {
            faults.add(
                    AUDIENCE.fault(
                            "has %d audiences for %d issuers"
                                    .formatted(audiences.size(), issuers.size()),
                            "set one for each issuer in JWT_ISSUER, in the same order"));
        }
    }

    private static Fault notHttps(Variable variable) {
        return variable.fault(
                "is neither https nor on loopback",
                "set it to https URLs; http is for loopback addresses only");
    }

    /**
     * @param named the issuers named so far, to which this entry's is added
     */
    private void addEntryFaults(
            String place, PolicyConfig.Entry entry, Set<String> named, List<Fault> faults) {
        Optional<String> name = entry.name().filter(text -> !text.isBlank());
        if (name.isEmpty()) {
            faults.add(
                    new Fault(
                            place + "name",
                            "is missing",
                            "set it to the `iss` of the tokens to accept"));
        } else if (!named.add(name.get())) {
            faults.add(
                    new Fault(
                            place + "name",
                            "names an issuer twice",
                            "name each issuer only once, in this table or in JWT_ISSUER"));
        }
        if (entry.audience().filter(text -> !text.isBlank()).isEmpty()) {
            faults.add(
                    new Fault(
                            place + "audience",
                            "is missing",
                            "set it to the `aud` of this service"));
        }
        boolean own = name.filter(issuer -> IssuerSettings.isOwn(issuer, ownIssuer)).isPresent();
        if (own && entry.jwksUrl().isPresent()) {
            faults.add(
                    new Fault(
                            place + "jwks-url",
                            "is set although the issuer is this service itself",
                            "unset it; its keys are read in process"));
        } else if (!own && entry.jwksUrl().isEmpty()) {
            faults.add(new Fault(place + "jwks-url", "is missing", HTTPS));
        }
        entry.jwksUrl().ifPresent(url -> addUrlFault(place + "jwks-url", url, faults));
        entry.denyUrl().ifPresent(url -> addUrlFault(place + "deny-url", url, faults));
        if (!entry.algorithms().orElse(List.of()).stream()
                .allMatch(each -> SignatureAlgorithm.named(each.strip()).isPresent())) {
            faults.add(
                    new Fault(
                            place + "algorithms",
                            "names an algorithm that is not accepted",
                            "set it to one or more of %s, or unset it to accept what the issuer's keys permit"
                                    .formatted(String.join(", ", SignatureAlgorithm.names()))));
        }
    }

    private static void addUrlFault(String place, String url, List<Fault> faults) {
        if (!Form.endpoint().accepts(url) || !BoundedHttp.permits(URI.create(url))) {
            faults.add(new Fault(place, "is neither https nor on loopback", HTTPS));
        }
    }
}
