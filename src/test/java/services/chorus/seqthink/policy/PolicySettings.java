package services.chorus.seqthink.policy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The policy's defaults, some of them overridden by property name. */
final class PolicySettings {

    private PolicySettings() {}

    /** An issuer that may sign with every algorithm, and publishes no revocations. */
    static IssuerSettings issuer(String name, String audience, Optional<URI> jwksUrl) {
        return new IssuerSettings(
                name, audience, jwksUrl, EnumSet.allOf(SignatureAlgorithm.class), Optional.empty());
    }

    static PolicyConfig with(Map<String, String> set) {
        Map<String, String> values = new HashMap<>();
        PolicyConfig.SECTION.variables().stream()
                .filter(each -> !each.defaultValue().isEmpty())
                .forEach(each -> values.put(each.property(), each.defaultValue()));
        values.putAll(set);
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(PolicyConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(PolicyConfig.class);
    }
}
