package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URLEncoder;
import java.util.Base64;

/** Sends requests as a client of {@link IssuerFiles}. */
final class AsClient {

    private AsClient() {}

    static RequestSpecification request() {
        return given().contentType("application/x-www-form-urlencoded");
    }

    static Response post(String path, String clientId, String form) {
        return request()
                .header("Authorization", basic(clientId, IssuerFiles.SECRET))
                .body(form)
                .post(path);
    }

    /** RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined. */
    static String basic(String clientId, String secret) {
        String pair = encode(clientId) + ":" + encode(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    static String posted(String clientId, String secret) {
        return "client_id=" + encode(clientId) + "&client_secret=" + encode(secret);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
