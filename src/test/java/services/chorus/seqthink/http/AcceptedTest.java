package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.jaxrs.HttpHeadersImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/age; armor=true",
                "application/age;armor=true",
                "APPLICATION/AGE; ARMOR=TRUE",
                "application/age; armor=\"true\"",
                "text/plain, application/age; armor=true; q=0.5",
                "application/age; q=0.5, application/age; armor=true"
            })
    void detectsARequestForArmor(String accept) {
        assertThat(preference(accept)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/age",
                "application/age; armor=false",
                "application/age; armor=1",
                "application/age; armor",
                "application/json; armor=true",
                "text/age; armor=true",
                "application/*; armor=true",
                "*/*; armor=true",
                "*/*",
                "",
                "age",
                ";;;"
            })
    void detectsNoRequestForArmor(String accept) {
        assertThat(preference(accept)).isFalse();
    }

    @Test
    void isBinaryWithoutAnAcceptHeader() {
        assertThat(Accepted.wantsArmor(new HttpHeadersImpl(List.of()))).isFalse();
    }

    private static boolean preference(String accept) {
        return Accepted.wantsArmor(new HttpHeadersImpl(Map.of("Accept", accept).entrySet()));
    }
}
