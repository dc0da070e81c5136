package services.chorus.seqthink.policy.rules;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import services.chorus.seqthink.config.Fault;

/** Configured rules, by property name below {@code seqthink.policy}. */
final class WrittenRules {

    private final Map<String, String> properties = new HashMap<>();

    WrittenRules set(String key, String value) {
        properties.put("seqthink.policy." + key, value);
        return this;
    }

    Rules rules() {
        if (!faults().isEmpty()) {
            throw new AssertionError("The rules have faults: " + faults());
        }
        return Rules.from(config());
    }

    List<Fault> faults() {
        return RulesConfig.faults(config());
    }

    private RulesConfig config() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "rules", 100))
                .withMapping(RulesConfig.class)
                .build()
                .getConfigMapping(RulesConfig.class);
    }
}
