package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Service;

/**
 * A packaged gateway with the built-in issuer, and its operator's commands.
 *
 * @param door the gateway's keys
 * @param environment of the service, for the test to change before the start
 */
record OwnIssuer(Path folder, DoorFiles door, Map<String, String> environment) {

    private static final Pattern SECRET = Pattern.compile("(?m)^client_secret=(\\S+)$");

    static OwnIssuer in(Path folder) throws IOException {
        DoorFiles door = DoorFiles.in(folder);
        String port = String.valueOf(Service.freePort());
        String url = "http://127.0.0.1:" + port;
        Map<String, String> environment = new HashMap<>(door.environment());
        environment.putAll(DoorFiles.issuerEnvironment(folder));
        environment.remove("KACHING_JWKS_URL");
        environment.putAll(
                Map.of(
                        "ROLES", "door,issuer",
                        "PORT", port,
                        "PUBLIC_URL", url,
                        "ISSUER_URL", url,
                        "JWT_ISSUER", url));
        return new OwnIssuer(folder, door, environment);
    }

    Service start(String name) throws IOException {
        Service service = Service.start(name, environment);
        assertThat(service.url()).isEqualTo(url());
        return service;
    }

    String url() {
        return environment.get("ISSUER_URL");
    }

    String audience() {
        return environment.get("ISSUER_AUDIENCE");
    }

    /** Adds a client, and returns its printed secret. */
    String addWithSecret(String id, String... options) throws Exception {
        Matcher printed = SECRET.matcher(add(id, with(options, "--secret")));
        assertThat(printed.find()).isTrue();
        return Canaries.note(printed.group(1));
    }

    /** Adds a client with a generated private key, and returns the file of the key. */
    Path addWithNewKey(String id, String... options) throws Exception {
        Path key = folder.resolve(id + ".jwk");
        add(id, with(options, "--key-out", key.toString()));
        return key;
    }

    /** Adds a client by its public key. */
    void addWithPublicKey(String id, String jwk, String... options) throws Exception {
        Path key = Files.writeString(folder.resolve(id + ".pub.jwk"), jwk);
        add(id, with(options, "--public-key", key.toString()));
    }

    private String add(String id, String... options) throws Exception {
        return new String(
                Artefact.run(folder, environment, with(options, "client", "add", id)).orFail(),
                UTF_8);
    }

    private static String[] with(String[] last, String... first) {
        return Stream.of(first, last).flatMap(Stream::of).toArray(String[]::new);
    }
}
