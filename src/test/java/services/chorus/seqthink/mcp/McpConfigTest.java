package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;

class McpConfigTest {

    @Test
    void runsTheBuiltInServerWhenNothingIsSet() {
        McpConfig config = config(Map.of());

        assertThat(McpConfig.faults(config)).isEmpty();
        assertThat(config.runsBuiltIn()).isTrue();
        assertThat(config.allowRemote()).isFalse();
        assertThat(config.timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.protocol()).isEqualTo(Protocol.AUTO);
        assertThat(config.maxReplyMb()).isEqualTo(16);
    }

    @Test
    void defaultsAreValid() {
        assertThat(McpConfig.SECTION.variables())
                .filteredOn(variable -> !variable.defaultValue().isEmpty())
                .hasSize(4)
                .allSatisfy(
                        variable -> assertThat(variable.fault(variable.defaultValue())).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8000",
                "http://127.255.0.254:1/base",
                "http://localhost",
                "https://[::1]:8443"
            })
    void acceptsAServerOnThisMachine(String url) {
        McpConfig config = config(Map.of("seqthink.mcp.local", url));

        assertThat(McpConfig.faults(config)).isEmpty();
        assertThat(config.runsBuiltIn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1.evil.example:8000",
                "http://localhost.evil.example",
                "http://localhost.",
                "http://127.1",
                "http://127.0.0.01",
                "http://127.0.0.256",
                "http://2130706433",
                "http://0.0.0.0:8000",
                "http://[::]:8000",
                "http://[::ffff:127.0.0.1]:8000",
                "http://10.0.0.1:8000",
                "http://mcp:8000"
            })
    void rejectsARemoteServerUnlessAllowed(String url) {
        assertThat(McpConfig.faults(config(Map.of("seqthink.mcp.local", url))))
                .extracting(Fault::variable)
                .containsExactly("MCP_LOCAL");

        assertThat(
                        McpConfig.faults(
                                config(
                                        Map.of(
                                                "seqthink.mcp.local",
                                                url,
                                                "seqthink.mcp.allow-remote",
                                                "true"))))
                .isEmpty();
    }

    @Test
    void rejectsTheBuiltInServerWithARemoteUrl() {
        assertThat(
                        McpConfig.faults(
                                config(
                                        Map.of(
                                                "seqthink.mcp.local", "http://mcp:8000",
                                                "seqthink.mcp.embedded", "true",
                                                "seqthink.mcp.allow-remote", "true"))))
                .extracting(Fault::variable)
                .containsExactly("MCP_LOCAL");
    }

    @Test
    void rejectsAConfigurationWithoutAServer() {
        assertThat(McpConfig.faults(config(Map.of("seqthink.mcp.embedded", "false"))))
                .extracting(Fault::variable)
                .containsExactly("MCP_LOCAL");
    }

    @Test
    void rejectsThePlainContractForTheBuiltInServer() {
        assertThat(McpConfig.faults(config(Map.of("seqthink.mcp.protocol", "plain"))))
                .extracting(Fault::variable)
                .containsExactly("MCP_PROTOCOL");
    }

    private static McpConfig config(Map<String, String> set) {
        Map<String, String> values = new HashMap<>();
        Stream<Variable> withDefault =
                McpConfig.SECTION.variables().stream()
                        .filter(each -> !each.defaultValue().isEmpty());
        withDefault.forEach(each -> values.put(each.property(), each.defaultValue()));
        values.putAll(set);
        assertThat(List.copyOf(values.keySet()))
                .isSubsetOf(
                        McpConfig.SECTION.variables().stream().map(Variable::property).toList());
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(McpConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(McpConfig.class);
    }
}
