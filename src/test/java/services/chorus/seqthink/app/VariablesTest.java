package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Variable;

class VariablesTest {

    private static final List<Variable> ALL = Variables.all();

    @Test
    void haveEachANameAndAPropertyOfTheirOwn() {
        assertThat(ALL).extracting(Variable::name).doesNotHaveDuplicates();
        assertThat(ALL).extracting(Variable::property).doesNotHaveDuplicates();
    }

    @Test
    void haveDefaultsThatAreUsable() {
        assertThat(ALL)
                .filteredOn(variable -> !variable.defaultValue().isEmpty())
                .isNotEmpty()
                .allSatisfy(
                        variable -> assertThat(variable.fault(variable.defaultValue())).isEmpty());
    }

    @Test
    void comeFromTheEnvironmentUnderTheirPropertiesOnlyWhereTheyAreSet() {
        VariableSource source = new VariableSource(Map.of("MCP_TIMEOUT", "7s", "HOME", "/root"));

        assertThat(source.getProperties()).isEqualTo(Map.of("seqthink.mcp.timeout", "7s"));
        assertThat(source.getPropertyNames()).containsExactly("seqthink.mcp.timeout");
        assertThat(source.getValue("seqthink.mcp.timeout")).isEqualTo("7s");
        assertThat(source.getValue("seqthink.mcp.local")).isNull();
    }

    @Test
    void haveTheirDefaultsBelowAnyOtherSource() {
        VariableSource.Defaults defaults = new VariableSource.Defaults();

        assertThat(defaults.getValue("seqthink.gateway.port")).isEqualTo("8443");
        assertThat(defaults.getValue("seqthink.mcp.local")).isNull();
        assertThat(defaults.getOrdinal()).isLessThan(ConfigSource.DEFAULT_ORDINAL);
    }

    @Test
    void areFoundByTheService() {
        assertThat(ServiceLoader.load(ConfigSource.class).stream().map(Provider::type))
                .contains(VariableSource.class, VariableSource.Defaults.class);
    }
}
