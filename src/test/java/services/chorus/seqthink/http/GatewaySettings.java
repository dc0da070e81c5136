package services.chorus.seqthink.http;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** The gateway's default settings, some overridden by property name. */
final class GatewaySettings {

    private GatewaySettings() {}

    static GatewayConfig with(Map<String, String> set) {
        Map<String, String> values = new HashMap<>();
        GatewayConfig.SECTION.variables().stream()
                .filter(each -> !each.defaultValue().isEmpty())
                .forEach(each -> values.put(each.property(), each.defaultValue()));
        values.putAll(set);
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(GatewayConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(GatewayConfig.class);
    }
}
