package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.RawHttp;
import services.chorus.seqthink.testing.RawHttp2;

/** Each path of the table of routes is answered in one form; all others are generated from it. */
abstract class RouteForms {

    private static final String HOST = "localhost";

    @TestHTTPResource URI service;
    @TempDir Path folder;

    /** The settings of the service under test that decide which routes it has. */
    abstract GatewayConfig config();

    @ParameterizedTest
    @EnumSource(Route.class)
    void answersOneForm(Route route) throws Exception {
        String path = route.path();
        if (route.isOn(config())) {
            assertThat(status(path)).isNotIn("400", "404");
            assertThat(status(path + "?query")).isEqualTo(status(path));
            assertThat(status("http://" + HOST + path)).isEqualTo(status(path));
            try (RawHttp2 connection = new RawHttp2(service)) {
                assertThat(connection.get(HOST, path)).isEqualTo(status(path));
            }
        } else {
            assertThat(status(path)).isEqualTo("404");
        }
        for (String form : otherForms(path).toList()) {
            assertThat(status(form)).as(form).isIn("400", "404", "421");
        }
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void answersOneFormOverHttp2(Route route) throws Exception {
        for (String form : otherForms(route.path()).toList()) {
            try (RawHttp2 connection = new RawHttp2(service)) {
                assertThat(connection.get(HOST, form))
                        .as(form)
                        .isIn("400", "404", "reset", "closed");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void answersNoPathUnderARoute(Route route) throws IOException {
        for (String below :
                List.of("/x", "/live", "/ready", "/group", "/group/x", "/tool", "/..x")) {
            String path = route.path() + below;
            if (Route.of(path).isEmpty()) {
                assertThat(status(path)).as(path).isEqualTo("404");
            }
        }
    }

    @Test
    void verifyTriesAllRoutes() throws Exception {
        assertThat(fromVerify("routes"))
                .containsExactlyElementsOf(Arrays.stream(Route.values()).map(Route::path).toList());
    }

    private String status(String target) throws IOException {
        return RawHttp.status(
                service, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target, HOST));
    }

    private Stream<String> otherForms(String path) throws Exception {
        return Stream.of(
                        fromVerify("other_forms", path).stream(),
                        absoluteForms(path),
                        spelledOtherwise(path),
                        notEvenPaths(path))
                .flatMap(forms -> forms);
    }

    /** What a function of {@code verify.sh} prints. */
    private List<String> fromVerify(String function, String... arguments) throws Exception {
        String script = Files.readString(Path.of("deploy", "verify.sh"));
        int start = script.indexOf("\n" + function + "() {");
        String body = script.substring(start, script.indexOf("\n}\n", start) + 3);
        Stream<String> command = Stream.of("-euc", body + function + " \"$@\"", function);
        byte[] printed =
                CommandLineTool.needed("bash", folder)
                        .run(Stream.concat(command, Stream.of(arguments)).toArray(String[]::new))
                        .orFail();
        return new String(printed, US_ASCII).lines().toList();
    }

    /** RFC 9112 section 3.2.2, but not the connection's own scheme with the Host as sent. */
    private static Stream<String> absoluteForms(String path) {
        return Stream.of(
                "https://localhost" + path,
                "HTTP://localhost" + path,
                "ftp://localhost" + path,
                "x://localhost" + path,
                "://localhost" + path,
                "http://LOCALHOST" + path,
                "http://localhost." + path,
                "http://localhost:80" + path,
                "http://localhost:" + path,
                "http://127.0.0.1" + path,
                "http://evil.example" + path,
                "http://user@localhost" + path,
                "http://user:password@localhost" + path,
                "http://@localhost" + path,
                "http://localhost@evil.example" + path,
                "http://localhost/" + path,
                "http://localhost" + path + "/",
                "http://localhost/x/.." + path,
                "http://localhost" + path + "#",
                "http://localhost?" + path,
                "http://localhost?x" + path,
                "http://localhost#" + path,
                "http://localhost\\" + path,
                "http://" + path,
                "http:" + path,
                "http:/" + path,
                "http:/localhost" + path,
                "//localhost" + path,
                "///localhost" + path,
                "localhost" + path,
                "localhost:80" + path);
    }

    private static Stream<String> spelledOtherwise(String path) {
        return IntStream.range(0, path.length())
                .boxed()
                .flatMap(
                        at -> {
                            String before = path.substring(0, at);
                            char letter = path.charAt(at);
                            String after = path.substring(at + 1);
                            String code = "%%%02x".formatted((int) letter);
                            Stream<String> encoded =
                                    Stream.of(
                                            code,
                                            code.toUpperCase(Locale.ROOT),
                                            "%25" + code.substring(1),
                                            "%u00" + code.substring(1));
                            Stream<String> others =
                                    letter == '/'
                                            ? Stream.of("//", "/./", "/x/../", ";/", "\\", "/;/")
                                            : Stream.of(
                                                    String.valueOf(
                                                            (char)
                                                                    (Character.isLetter(letter)
                                                                            ? letter ^ 0x20
                                                                            : '_')));
                            return Stream.concat(encoded, others)
                                    .map(instead -> before + instead + after);
                        });
    }

    private static Stream<String> notEvenPaths(String path) {
        String bare = path.substring(1);
        return Stream.of(
                "",
                "*",
                "?",
                bare,
                "*" + path,
                "?" + path,
                "." + path,
                ".." + path,
                "\\" + bare,
                path + "\\",
                path + "#",
                path + "#x",
                path + "?#",
                path + "?x#y",
                "#" + path,
                path + "%",
                path + "%zz",
                path + "%c0%af",
                path + "%ff",
                path + "%0d%0a",
                path + "&",
                path + ",",
                path + ":80",
                path + "@" + HOST,
                path + "*",
                path + ".json",
                path + "\u00e9",
                path + "\u00a0",
                path + "\u0000",
                path + "\u007f",
                path + "\t",
                path + "\u000b");
    }
}
