package services.chorus.seqthink.app;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.SignatureAlgorithm;

/** Whether a door takes what the issuer in its own process signs; neither room knows the other. */
final class OwnTokens {

    private OwnTokens() {}

    /**
     * What keeps it from doing so.
     *
     * @param own the issuer's {@code iss}
     * @param algorithm what its new keys sign with
     */
    static List<Fault> faults(PolicyConfig policy, String own, String algorithm) {
        return IntStream.range(0, policy.table().size())
                .filter(index -> refuses(policy.table().get(index), own, algorithm))
                .mapToObj(
                        index ->
                                new Fault(
                                        "seqthink.policy.issuer[%d].algorithms".formatted(index),
                                        "lacks "
                                                + algorithm
                                                + ", with which the issuer in this process signs"
                                                + " (ISSUER_ALGORITHM)",
                                        "add it, or unset them to accept what its keys permit"))
                .toList();
    }

    private static boolean refuses(PolicyConfig.Entry entry, String own, String algorithm) {
        Optional<List<String>> accepted = entry.algorithms();
        return entry.name().filter(own::equals).isPresent()
                && accepted.isPresent()
                && accepted.get().stream()
                        .map(name -> SignatureAlgorithm.named(name.strip()))
                        .noneMatch(SignatureAlgorithm.named(algorithm)::equals);
    }
}
