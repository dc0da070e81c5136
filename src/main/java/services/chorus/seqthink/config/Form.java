package services.chorus.seqthink.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The syntax of a value. Whether the file behind a path exists or the service behind a URL answers
 * is checked by the feature that uses it.
 *
 * @param wants what to write, as it stands in a sentence after "set it to"
 * @param test whether a value has this syntax
 * @param unit what a bare number counts, such as {@code MiB}; empty for other values
 */
public record Form(String wants, Predicate<String> test, String unit) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final List<Map.Entry<String, Duration>> UNITS =
            List.of(
                    Map.entry("d", Duration.ofDays(1)),
                    Map.entry("h", Duration.ofHours(1)),
                    Map.entry("m", Duration.ofMinutes(1)),
                    Map.entry("s", Duration.ofSeconds(1)),
                    Map.entry("ms", Duration.ofMillis(1)));
    private static final Pattern ORIGIN = Pattern.compile("(https?)://(.+)");
    private static final int MAX_PORT = 65535;

    public Form(String wants, Predicate<String> test) {
        this(wants, test, "");
    }

    /** Any text. */
    public static Form text(String wants) {
        return new Form(wants, value -> true);
    }

    /** A comma-separated list of any texts, none of them empty. */
    public static Form texts(String wants) {
        return list(wants, each -> !each.isEmpty());
    }

    /** {@code true} or {@code false}. */
    public static Form flag() {
        return new Form("true or false", Set.of("true", "false")::contains);
    }

    /** One of the words given, exactly. */
    public static Form oneOf(String... words) {
        return new Form("one of " + String.join(", ", words), Set.of(words)::contains);
    }

    /** A comma-separated list of at least one of the words given. */
    public static Form listOf(String... words) {
        return list("one or more of " + String.join(", ", words), Set.of(words)::contains);
    }

    /** A whole number within the bounds, both included. */
    public static Form number(long least, long most, String unit) {
        return new Form(
                "a whole number from %d to %d %s".formatted(least, most, unit).strip(),
                value ->
                        value.matches("\\d{1,18}")
                                && Long.parseLong(value) >= least
                                && Long.parseLong(value) <= most,
                unit);
    }

    /** A duration such as {@code 500ms}, {@code 120s}, {@code 15m}, {@code 24h}, {@code 7d}. */
    public static Form duration(Duration least, Duration most) {
        return new Form(
                "a number and its unit (ms, s, m, h or d), from %s to %s"
                        .formatted(notation(least), notation(most)),
                value ->
                        DURATION.matcher(value).matches()
                                && parseDuration(value).compareTo(least) >= 0
                                && parseDuration(value).compareTo(most) <= 0);
    }

    /** The same, with both bounds in that notation. */
    public static Form duration(String least, String most) {
        return duration(parseDuration(least), parseDuration(most));
    }

    /** An absolute http or https URL without query, fragment or user. */
    public static Form url() {
        return new Form("an http or https URL without query or fragment", Form::isUrl);
    }

    /** The URL of another service's endpoint: as {@link #url()}, and it may have a query. */
    public static Form endpoint() {
        return new Form("an http or https URL without fragment", Form::isEndpoint);
    }

    /** A comma-separated list of URLs, each as {@link #endpoint()} wants it. */
    public static Form endpoints() {
        return list("one or more http or https URLs without fragment", Form::isEndpoint);
    }

    /** A comma-separated list of hosts, each with or without a port. */
    public static Form hosts() {
        return list(
                "one or more hosts such as door.example.org or door.example.org:8443",
                each -> HostPort.parse(each).isPresent());
    }

    /** A comma-separated list of web origins, as browsers write them (RFC 6454 section 6.2). */
    public static Form origins() {
        return list(
                "one or more origins such as https://app.example.org, in lower case, without a path"
                        + " and without the default port",
                Form::isOrigin);
    }

    /** A file's path. */
    public static Form path() {
        return new Form("the path of a file", value -> value.equals(value.strip()));
    }

    /** The parts of a comma-separated value, trimmed; an empty part stays and fails its check. */
    public static List<String> list(String value) {
        return Stream.of(value.split(",", -1)).map(String::trim).toList();
    }

    /**
     * Reads a duration in the notation of {@link #duration(Duration, Duration)}.
     *
     * @throws IllegalArgumentException when the text is no duration
     */
    public static Duration parseDuration(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not a duration: " + value);
        }
        return UNITS.stream()
                .filter(unit -> unit.getKey().equals(matcher.group(2)))
                .map(unit -> unit.getValue().multipliedBy(Long.parseLong(matcher.group(1))))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a value looks like this. */
    public boolean accepts(String value) {
        return test.test(value);
    }

    private static Form list(String wants, Predicate<String> each) {
        return new Form(wants + " (comma-separated)", value -> list(value).stream().allMatch(each));
    }

    private static boolean isUrl(String value) {
        return isEndpoint(value) && URI.create(value).getRawQuery() == null;
    }

    private static boolean isEndpoint(String value) {
        try {
            URI uri = new URI(value);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() <= MAX_PORT
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isOrigin(String value) {
        Matcher matcher = ORIGIN.matcher(value);
        if (!matcher.matches()) {
            return false;
        }
        int usual = matcher.group(1).equals("https") ? 443 : 80;
        return HostPort.parse(matcher.group(2))
                .filter(authority -> authority.toString().equals(matcher.group(2)))
                .filter(authority -> authority.port().orElse(0) != usual)
                .isPresent();
    }

    /** In the largest unit that needs no fraction. */
    private static String notation(Duration duration) {
        return UNITS.stream()
                .filter(unit -> duration.toMillis() % unit.getValue().toMillis() == 0)
                .map(unit -> duration.dividedBy(unit.getValue()) + unit.getKey())
                .findFirst()
                .orElseThrow();
    }
}
