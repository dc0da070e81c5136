package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.HostPort;

class HttpAssemblyTest {

    @TempDir Path folder;

    @Test
    void aGatewayAcceptsTheHostOfItsPublicUrl() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        assertThat(hosts(environment)).containsExactly("door.example");

        environment.put("PUBLIC_URL", "https://[::1]:8443/door");
        assertThat(hosts(environment)).containsExactly("[::1]");

        environment.put("ISSUER_URL", "https://not.its.role.example");
        assertThat(hosts(environment)).containsExactly("[::1]");
    }

    @Test
    void anIssuerAcceptsTheHostOfItsUrlAndBothRolesAcceptBoth() throws IOException {
        Map<String, String> issuer = DoorFiles.issuerEnvironment(folder);
        assertThat(hosts(issuer)).containsExactly("issuer.example");

        Map<String, String> both = new HashMap<>(DoorFiles.in(folder).environment());
        both.putAll(issuer);
        both.put("ROLES", "door,issuer");
        both.remove("KACHING_JWKS_URL");
        assertThat(hosts(both)).containsExactly("door.example", "issuer.example");
    }

    @Test
    void allowedHostsReplaceThem() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("ALLOWED_HOSTS", "seqthink.svc, Door.example:8443");

        assertThat(hosts(environment)).containsExactly("seqthink.svc", "door.example:8443");
    }

    @Test
    void onlyConfiguredOriginsAreAllowed() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        assertThat(origins(environment)).isEmpty();

        environment.put("ALLOWED_ORIGINS", "https://a.example, http://localhost:3000");
        assertThat(origins(environment))
                .containsExactlyInAnyOrder("https://a.example", "http://localhost:3000");
    }

    @Test
    void withoutAUrlOnlyLoopbackHostsAreAccepted() {
        assertThat(hosts(Map.of("INSECURE_DEV", "true")))
                .containsExactly("localhost", "127.0.0.1", "[::1]");
    }

    private static List<String> hosts(Map<String, String> environment) {
        Configuration.Usable usable = new Judged(environment).usable();
        return HttpAssembly.hosts(usable.gateway(), usable.issuer()).hosts().stream()
                .map(HostPort::toString)
                .toList();
    }

    private static Set<String> origins(Map<String, String> environment) {
        return HttpAssembly.origins(new Judged(environment).usable().gateway()).origins();
    }
}
