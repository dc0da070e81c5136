package services.chorus.seqthink.policy.opaque;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.stream.Collectors;

/** Settings by variable name. */
final class OpaqueSettings {

    private OpaqueSettings() {}

    static OpaqueConfig with(Map<String, String> set) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OpaqueConfig.class)
                .withDefaultValues(
                        set.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                entry -> property(entry.getKey()),
                                                Map.Entry::getValue)))
                .build()
                .getConfigMapping(OpaqueConfig.class);
    }

    private static String property(String name) {
        return OpaqueConfig.SECTION.variables().stream()
                .filter(variable -> variable.name().equals(name))
                .findFirst()
                .orElseThrow()
                .property();
    }
}
