package services.chorus.seqthink.mcp;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.stream.Collectors;
import services.chorus.seqthink.config.Variable;

/** A Quarkus application for building the REST client. */
public final class QuarkusForUpstreams implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> values =
                McpConfig.SECTION.variables().stream()
                        .filter(variable -> !variable.defaultValue().isEmpty())
                        .collect(Collectors.toMap(Variable::property, Variable::defaultValue));
        values.put("seqthink.gateway.insecure-dev", "true");
        values.put("quarkus.http.test-port", "0");
        values.put("quarkus.http.host", "127.0.0.1");
        return values;
    }
}
