package services.chorus.seqthink.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariableTest {

    private static final Variable LIMIT =
            Section.of(VariableTest.class, "test")
                    .add("LIMIT", "limit", "4", Form.number(1, 8, ""))
                    .meaning("How many.")
                    .variable("LIMIT");

    @Test
    void findsNoFaultInAGoodValue() {
        assertThat(LIMIT.fault("8")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void reportsAnEmptyValueEvenIfThereIsADefault(String value) {
        assertThat(LIMIT.fault(value).map(Fault::line))
                .hasValue(
                        "LIMIT is set but empty: set it to a whole number from 1 to 8, or unset it");
    }

    @ParameterizedTest
    @ValueSource(strings = {" 8", "8\n"})
    void namesWhiteSpaceAroundAnOtherwiseGoodValue(String value) {
        assertThat(LIMIT.fault(value).map(Fault::line))
                .hasValue("LIMIT has white space before or after its value: remove it");
    }

    @Test
    void saysWhatToSetWithoutRepeatingTheValue() {
        assertThat(LIMIT.fault("hunter2").map(Fault::line))
                .hasValue("LIMIT is not valid: set it to a whole number from 1 to 8");
    }
}
