package services.chorus.seqthink.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the text of a variable must look like. Only its form: whether the file behind a path exists
 * or the service behind a URL answers is checked by the feature that uses it.
 */
public final class Form {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private static final Pattern ORIGIN = Pattern.compile("(https?)://(.+)");

    private static final int MAX_PORT = 65535;

    private final String wants;
    private final Predicate<String> accepts;

    private Form(String wants, Predicate<String> accepts) {
        this.wants = wants;
        this.accepts = accepts;
    }

    /** Any text, described for the reader as {@code wants}. */
    public static Form text(String wants) {
        return new Form(wants, value -> true);
    }

    /** Text that a feature checks by itself, described for the reader as {@code wants}. */
    public static Form where(String wants, Predicate<String> accepts) {
        return new Form(wants, accepts);
    }

    /** A comma-separated list of any texts, none of them empty. */
    public static Form texts(String wants) {
        return new Form(wants, value -> !list(value).contains(""));
    }

    /** {@code true} or {@code false}. */
    public static Form flag() {
        return oneOf("true", "false");
    }

    /** One of the words given, exactly. */
    public static Form oneOf(String... words) {
        return new Form(String.join(", ", words), Set.of(words)::contains);
    }

    /** A comma-separated list of at least one of the words given. */
    public static Form listOf(String... words) {
        Set<String> known = Set.of(words);
        return new Form(
                "one or more of " + String.join(", ", words) + " (comma-separated)",
                value -> list(value).stream().allMatch(known::contains));
    }

    /** A whole number within the bounds, both included. */
    public static Form number(long least, long most) {
        return new Form(
                "a whole number from " + least + " to " + most,
                value -> value.matches("\\d{1,18}") && within(Long.parseLong(value), least, most));
    }

    /** A duration such as {@code 500ms}, {@code 120s}, {@code 15m}, {@code 24h}, {@code 7d}. */
    public static Form duration(Duration least, Duration most) {
        return new Form(
                "a duration such as 500ms, 120s, 15m, 24h or 7d, from %s to %s"
                        .formatted(words(least), words(most)),
                value -> inBounds(value, least, most));
    }

    /** The same, with both bounds in that notation. */
    public static Form duration(String least, String most) {
        return duration(parseDuration(least), parseDuration(most));
    }

    /** An absolute http or https URL without query, fragment or user. */
    public static Form url() {
        return new Form("an http or https URL without query or fragment", Form::isUrl);
    }

    /** A comma-separated list of URLs, each as {@link #url()} wants it. */
    public static Form urls() {
        return new Form(
                "one or more http or https URLs without query or fragment (comma-separated)",
                value -> list(value).stream().allMatch(Form::isUrl));
    }

    /** A comma-separated list of hosts, each with or without a port. */
    public static Form hosts() {
        return new Form(
                "one or more hosts such as door.example.org or door.example.org:8443"
                        + " (comma-separated)",
                value -> list(value).stream().allMatch(each -> HostPort.parse(each).isPresent()));
    }

    /** A comma-separated list of web origins, as browsers write them (RFC 6454 section 6.2). */
    public static Form origins() {
        return new Form(
                "one or more origins such as https://app.example.org, in lower case, without a path"
                        + " or a port that goes without saying (comma-separated)",
                value -> list(value).stream().allMatch(Form::isOrigin));
    }

    /** A file's path. */
    public static Form path() {
        return text("the path of a file");
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
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** What to write, as it stands in a sentence after "set it to". */
    public String wants() {
        return wants;
    }

    /** Whether a value looks like this. */
    public boolean accepts(String value) {
        return accepts.test(value);
    }

    private static boolean isUrl(String value) {
        try {
            URI uri = new URI(value);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() <= MAX_PORT
                    && uri.getRawQuery() == null
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

    private static boolean inBounds(String value, Duration least, Duration most) {
        if (!DURATION.matcher(value).matches()) {
            return false;
        }
        Duration duration = parseDuration(value);
        return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
    }

    private static boolean within(long value, long least, long most) {
        return value >= least && value <= most;
    }

    private static String words(Duration duration) {
        return duration.toSeconds() == 0 ? duration.toMillis() + "ms" : duration.toSeconds() + "s";
    }
}
