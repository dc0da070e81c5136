package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.policy.BearerToken.Absent;
import services.chorus.seqthink.policy.BearerToken.Malformed;
import services.chorus.seqthink.policy.BearerToken.Present;

class BearerTokenTest {

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
    void readsTheSchemeInAnyCase(String scheme) {
        assertThat(BearerToken.in(List.of(scheme + " aA0-._~+/==")))
                .isEqualTo(new Present(Scheme.BEARER, "aA0-._~+/=="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DPoP", "dpop", "DPOP"})
    void readsATokenSentWithAProof(String scheme) {
        assertThat(BearerToken.in(List.of(scheme + " abc")))
                .isEqualTo(new Present(Scheme.DPOP, "abc"));
    }

    @Test
    void acceptsSeveralSpacesAfterTheScheme() {
        assertThat(BearerToken.in(List.of("Bearer   abc")))
                .isEqualTo(new Present(Scheme.BEARER, "abc"));
    }

    @Test
    void isAbsentWithoutAHeader() {
        assertThat(BearerToken.in(List.of())).isEqualTo(new Absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic dTpw",
                "DPoPs abc",
                "Negotiate",
                "Bearers abc",
                "Digest a=\"b\", c=d"
            })
    void isAbsentUnderAnotherScheme(String value) {
        assertThat(BearerToken.in(List.of(value))).isEqualTo(new Absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " Bearer abc",
                "Bearer",
                "Bearer ",
                "Bearer\tabc",
                "Bearer \tabc",
                "Bearer abc ",
                "Bearer abc def",
                "Bearer abc, Basic dTpw",
                "Bearer abc,",
                "DPoP",
                "DPoP abc def",
                "Bearer =abc",
                "Bearer a=b",
                "Bearer \"abc\"",
                "Bearer ab\u00e9",
                "Bearer abc\n",
                "Bearer:abc"
            })
    void isMalformedWithAnUnreadableValue(String value) {
        assertThat(BearerToken.in(List.of(value))).isEqualTo(new Malformed());
    }

    @Test
    void isMalformedWhenThereAreTwoHeaders() {
        assertThat(BearerToken.in(List.of("Bearer abc", "Bearer abc"))).isEqualTo(new Malformed());
        assertThat(BearerToken.in(List.of("Basic dTpw", "Bearer abc"))).isEqualTo(new Malformed());
    }

    @Test
    void isMalformedWithATokenInEachScheme() {
        assertThat(BearerToken.in(List.of("DPoP abc", "Bearer abc"))).isEqualTo(new Malformed());
    }

    @Test
    void determinesTheSchemeOfTheRequest() {
        assertThat(Scheme.triedIn(List.of())).isEqualTo(Scheme.BEARER);
        assertThat(Scheme.triedIn(List.of("Basic dTpw"))).isEqualTo(Scheme.BEARER);
        assertThat(Scheme.triedIn(List.of("Bearer abc", "DPoP abc"))).isEqualTo(Scheme.BEARER);
        assertThat(Scheme.triedIn(List.of("dpop", "Bearer abc"))).isEqualTo(Scheme.DPOP);
    }

    @Test
    void doesNotShowTheTokenInText() {
        assertThat(BearerToken.in(List.of("Bearer abc")).toString()).doesNotContain("abc");
    }
}
