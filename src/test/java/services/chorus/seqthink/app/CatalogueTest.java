package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.config.Variable;

class CatalogueTest {

    private static final List<Variable> ALL = Configuration.CATALOGUE.variables();

    @Test
    void hasANameAndAPropertyForEachVariable() {
        assertThat(ALL).extracting(Variable::name).doesNotHaveDuplicates();
        assertThat(ALL).extracting(Variable::property).doesNotHaveDuplicates();
    }

    @Test
    void hasDefaultsThatAreUsable() {
        assertThat(ALL)
                .filteredOn(variable -> !variable.defaultValue().isEmpty())
                .isNotEmpty()
                .allSatisfy(
                        variable -> assertThat(variable.fault(variable.defaultValue())).isEmpty());
    }

    @Test
    void isReadFromTheEnvironmentUnderItsPropertiesAndElseHasItsDefaults() {
        Map<String, String> environment = Map.of("MCP_TIMEOUT", "7s", "HOME", "/root");

        SmallRyeConfig config =
                Configuration.read(new Sources(environment, Map.of("home", "/root"))).config();

        Set<String> names = new HashSet<>();
        config.getPropertyNames().forEach(names::add);
        assertThat(names).doesNotContain("seqthink.mcp.local", "home", "HOME", "MCP_TIMEOUT");
        assertThat(config.getValue("seqthink.mcp.timeout", String.class)).isEqualTo("7s");
        assertThat(config.getValue("seqthink.gateway.port", String.class)).isEqualTo("8443");
    }

    @Test
    void hasASectionForEveryMapping() {
        SmallRyeConfig config = Configuration.read(new Sources(Map.of(), Map.of())).config();

        assertThat(Configuration.CATALOGUE.sections())
                .allSatisfy(
                        section ->
                                assertThat(config.getConfigMapping(section.mapping())).isNotNull())
                .allSatisfy(
                        section ->
                                assertThat(section.variables())
                                        .extracting(Variable::key)
                                        .allMatch(key -> key.startsWith(section.name() + ".")));
    }
}
