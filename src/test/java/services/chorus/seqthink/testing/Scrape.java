package services.chorus.seqthink.testing;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.util.stream.Collectors.toMap;

import io.restassured.response.Response;
import java.util.Map;
import java.util.Set;

/** The values of {@code /metrics} at one time; series of the same name are summed. */
public record Scrape(Map<String, Double> values) {

    public static Scrape now() {
        return of(when().get("/metrics"));
    }

    /** The values of a service that the test started. */
    public static Scrape of(Service service) {
        return of(given().baseUri(service.url()).get("/metrics"));
    }

    private static Scrape of(Response response) {
        String text = response.then().statusCode(200).extract().asString();
        return new Scrape(
                text.lines()
                        .filter(line -> !line.startsWith("#"))
                        .collect(toMap(Scrape::name, Scrape::value, Double::sum)));
    }

    public Set<String> names() {
        return values.keySet();
    }

    public double since(Scrape before, String name) {
        return values.get(name) - before.values.get(name);
    }

    private static String name(String line) {
        return line.split("[{ ]", 2)[0];
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
