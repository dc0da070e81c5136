package services.chorus.seqthink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {

    @ParameterizedTest
    @CsvSource({
        "400,BAD_REQUEST",
        "404,NOT_FOUND",
        "405,METHOD_NOT_ALLOWED",
        "406,NOT_ACCEPTABLE",
        "413,TOO_LARGE",
        "415,UNSUPPORTED_MEDIA_TYPE",
        "500,INTERNAL"
    })
    void mapsKnownStatuses(int status, Problem problem) {
        assertThat(Problem.ofStatus(status)).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "401,BAD_REQUEST",
        "402,BAD_REQUEST",
        "409,BAD_REQUEST",
        "414,BAD_REQUEST",
        "431,BAD_REQUEST",
        "499,BAD_REQUEST",
        "501,INTERNAL",
        "502,INTERNAL",
        "503,INTERNAL",
        "599,INTERNAL"
    })
    void mapsOtherStatusesByClass(int status, Problem problem) {
        assertThat(Problem.ofStatus(status)).isEqualTo(problem);
    }

    @ParameterizedTest
    @EnumSource
    void detailIsASentence(Problem problem) {
        assertThat(problem.status()).isBetween(400, 599);
        assertThat(problem.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(problem.detail()).matches("[A-Z].*\\.");
    }

    @Test
    void codesAreUnique() {
        assertThat(Arrays.stream(Problem.values()).map(Problem::code)).doesNotHaveDuplicates();
    }
}
