package services.chorus.seqthink.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigSourceInterceptorFactory;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.rules.RulesConfig;

/** Quarkus reads the checked settings, whatever other sources contain. */
class CheckedSettingsTest {

    @TempDir Path folder;

    private static SmallRyeConfig checked(Map<String, String> environment) {
        return Configuration.read(new Sources(environment, Map.of())).config();
    }

    /** A configuration as Quarkus builds it, with sources of its own above and below ours. */
    private static SmallRyeConfig served(
            SmallRyeConfig checked, Map<String, String> env, Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withProfile("prod,a.b")
                .withInterceptorFactories(
                        new ConfigSourceInterceptorFactory() {
                            @Override
                            public CheckedSettings.Interceptor getInterceptor(
                                    io.smallrye.config.ConfigSourceInterceptorContext context) {
                                return new CheckedSettings.Interceptor(
                                        CheckedSettings.values(checked));
                            }

                            @Override
                            public java.util.OptionalInt getPriority() {
                                return new CheckedSettings().getPriority();
                            }
                        })
                .withSources(
                        new EnvConfigSource(env, 300),
                        new PropertiesConfigSource(properties, "system", 400),
                        new PropertiesConfigSource(
                                Map.of(
                                        "quarkus.http.port", "${seqthink.gateway.port}",
                                        "level", "${seqthink.gateway.log-level:trace}",
                                        "%prod.seqthink.gateway.insecure-dev", "true"),
                                "application.properties",
                                250))
                .withMapping(GatewayConfig.class)
                .withMapping(PolicyConfig.class)
                .withMapping(RulesConfig.class)
                .build();
    }

    private static Map<String, String> ours(SmallRyeConfig config) {
        Map<String, String> values = new TreeMap<>();
        config.getPropertyNames()
                .forEach(
                        name -> {
                            if (name.startsWith("seqthink.")) {
                                values.put(name, config.getConfigValue(name).getValue());
                            }
                        });
        return values;
    }

    @Test
    void areTheOnlyOnesThatQuarkusReads() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("seqthink.toml"),
                        """
                        [[policy.rule]]
                        tool = "x"
                        scopes = ["admin", "${none}"]
                        """);
        SmallRyeConfig checked =
                checked(
                        Map.of(
                                "CONFIG_PATH", file.toString(),
                                "PORT", "7000",
                                "SEQTHINK_POLICY_RULE_0__WHEN_0__PREFIX", "/srv/",
                                "JWT_AUDIENCE", "${PORT:one}$two$${three}$\\$four\\,$"));
        Map<String, String> beside = new HashMap<>();
        for (String unchecked :
                List.of(
                        "seqthink.gateway.insecure-dev",
                        "seqthink.gateway.port",
                        "seqthink.policy.rule[0].scopes",
                        "seqthink.policy.rule[0].scopes[1]",
                        "seqthink.policy.rule[1].tool",
                        "seqthink.policy.deny-urls",
                        "seqthink.policy.is-off",
                        "seqthink.policy.issuers[0]",
                        "%prod.seqthink.gateway.public-url",
                        "%prod,dev.seqthink.gateway.allowed-hosts",
                        "%a.b.seqthink.gateway.allowed-hosts",
                        "%dev.seqthink.gateway.bind-address")) {
            beside.put(unchecked, "true");
        }
        SmallRyeConfig served =
                served(
                        checked,
                        Map.of(
                                "SEQTHINK_GATEWAY_INSECURE_DEV", "true",
                                "SEQTHINK_POLICY_RULE_1__TOOL", "y",
                                "_PROD_SEQTHINK_GATEWAY_PUBLIC_URL", "http://evil.example"),
                        beside);

        assertThat(ours(served)).isEqualTo(ours(checked)).containsKey("seqthink.mcp.timeout");
        for (String unchecked : beside.keySet()) {
            assertThat(served.getConfigValue(unchecked).getValue())
                    .as(unchecked)
                    .isEqualTo(checked.getConfigValue(unchecked).getValue());
        }
        assertThat(served.getConfigMapping(GatewayConfig.class).insecureDev()).isFalse();
        assertThat(served.getConfigMapping(PolicyConfig.class).isOff()).isTrue();
        assertThat(served.getConfigMapping(PolicyConfig.class).audiences())
                .hasValue(checked.getConfigMapping(PolicyConfig.class).audiences().orElseThrow());
        assertThat(served.getConfigMapping(RulesConfig.class).rules())
                .singleElement()
                .satisfies(
                        rule -> {
                            assertThat(rule.scopes()).hasValue(List.of("admin", "${none}"));
                            assertThat(rule.conditions()).hasSize(1);
                        });
    }

    @Test
    void applyToExpressionsAndNotToOtherNames() {
        SmallRyeConfig served =
                served(
                        checked(Map.of("PORT", "7000")),
                        Map.of("OTHER_NAME", "a"),
                        Map.of("b", "c", "%prod.log.\"a.seqthink.b\".level", "d"));

        assertThat(served.getValue("quarkus.http.port", String.class)).isEqualTo("7000");
        assertThat(served.getValue("level", String.class)).isEqualTo("info");
        assertThat(served.getValue("other.name", String.class)).isEqualTo("a");
        assertThat(served.getValue("b", String.class)).isEqualTo("c");
        assertThat(served.getValue("log.\"a.seqthink.b\".level", String.class)).isEqualTo("d");
        assertThat(served.getPropertyNames()).contains("quarkus.http.port", "b");
    }

    @Test
    void changeNothingUnlessHandedOver() {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .withInterceptorFactories(new CheckedSettings())
                        .withDefaultValue("seqthink.mcp.timeout", "7s")
                        .build();

        assertThat(config.getValue("seqthink.mcp.timeout", String.class)).isEqualTo("7s");
        assertThat(config.getPropertyNames()).contains("seqthink.mcp.timeout");
    }

    @Test
    void areRegisteredAsAService() {
        assertThat(
                        ServiceLoader.load(ConfigSourceInterceptorFactory.class).stream()
                                .map(Provider::type))
                .contains(CheckedSettings.class);
    }
}
