package services.chorus.seqthink.config;

import static services.chorus.seqthink.config.Variable.ROOT;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigSourceInterceptorFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Lets Quarkus read the settings that were checked and no others. Quarkus has sources that are not
 * ours (a {@code .env} and a {@code config/application.properties} beside the service, profiles)
 * and reads each when it starts, after the check. Every name below {@code seqthink.}, with a
 * profile or without, is therefore answered from the checked settings alone. Where none are handed
 * over (in a build, in tests that start Quarkus themselves) nothing is changed.
 */
public final class CheckedSettings implements ConfigSourceInterceptorFactory {

    // Below all other interceptors, so that expressions such as ${seqthink.gateway.port} see it.
    private static final int INNERMOST = 0;

    // Such as %prod.seqthink.mcp.timeout; a profile's name may have dots.
    private static final Pattern OF_A_PROFILE = Pattern.compile("%[^\"]*\\." + Pattern.quote(ROOT));

    // Static because Quarkus makes this class by the service loader, without arguments and before
    // there is any container. Not in system properties: values such as STATE_URL hold secrets.
    private static final AtomicReference<Map<String, String>> HANDED_OVER = new AtomicReference<>();

    /**
     * Sets what Quarkus will read in this process, once and for all, before it starts.
     *
     * @throws IllegalStateException when that was done before
     */
    public static void handOver(SmallRyeConfig checked) {
        if (!HANDED_OVER.compareAndSet(null, values(checked))) {
            throw new IllegalStateException("This process has settings already");
        }
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(INNERMOST);
    }

    @Override
    public ConfigSourceInterceptor getInterceptor(ConfigSourceInterceptorContext context) {
        return Optional.ofNullable(HANDED_OVER.get())
                .<ConfigSourceInterceptor>map(Interceptor::new)
                .orElse((next, name) -> next.proceed(name));
    }

    /** All that a configuration says below our root, as it stands in its one source. */
    static Map<String, String> values(SmallRyeConfig config) {
        Map<String, String> values = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (isOurs(name)) {
                values.put(name, config.getConfigValue(name).getValue());
            }
        }
        return Map.copyOf(values);
    }

    private static boolean isOurs(String name) {
        return name.startsWith(ROOT) || OF_A_PROFILE.matcher(name).lookingAt();
    }

    /** Answers our names. No record: its text would show every value. */
    static final class Interceptor implements ConfigSourceInterceptor {

        private final Map<String, String> values;

        /**
         * @param values by name, as they are meant
         */
        Interceptor(Map<String, String> values) {
            this.values = Map.copyOf(values);
        }

        @Override
        public ConfigValue getValue(ConfigSourceInterceptorContext next, String name) {
            if (!isOurs(name)) {
                return next.proceed(name);
            }
            return values.containsKey(name) ? value(name) : null; // null is SmallRye's "not set"
        }

        private ConfigValue value(String name) {
            // no expression to expand
            String literal = values.get(name).replace("$", "\\$");
            return ConfigValue.builder()
                    .withName(name)
                    .withValue(literal)
                    .withRawValue(literal)
                    .withConfigSourceName("checked settings")
                    .build();
        }

        @Override
        public Iterator<String> iterateNames(ConfigSourceInterceptorContext next) {
            Iterable<String> all = next::iterateNames;
            return Stream.concat(
                            StreamSupport.stream(all.spliterator(), false)
                                    .filter(name -> !isOurs(name)),
                            values.keySet().stream())
                    .iterator();
        }
    }
}
