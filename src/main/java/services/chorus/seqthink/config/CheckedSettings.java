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
 * Makes Quarkus read the checked settings and no others. Quarkus has sources of its own (a {@code
 * .env} and a {@code config/application.properties} in the working directory, profiles) and reads
 * them when it starts, after the check. Therefore every name below {@code seqthink.}, with or
 * without a profile, is answered from the checked settings alone. Without checked settings (in a
 * build, in tests that start Quarkus themselves) nothing changes.
 */
public final class CheckedSettings implements ConfigSourceInterceptorFactory {

    // Below all other interceptors, so that it applies to ${seqthink.gateway.port} as well.
    private static final int INNERMOST = 0;

    // Such as %prod.seqthink.mcp.timeout; a profile's name may contain dots.
    private static final Pattern OF_A_PROFILE = Pattern.compile("%[^\"]*\\." + Pattern.quote(ROOT));

    // Static because the service loader creates this class, without arguments and before any
    // container exists. Not system properties, since values such as STATE_URL contain secrets.
    private static final AtomicReference<Map<String, String>> HANDED_OVER = new AtomicReference<>();

    /**
     * Sets what Quarkus reads in this process. Must be called once, before Quarkus starts.
     *
     * @throws IllegalStateException when called again
     */
    public static void handOver(SmallRyeConfig checked) {
        if (!HANDED_OVER.compareAndSet(null, values(checked))) {
            throw new IllegalStateException("The settings of this process are set already");
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

    /** All values below our root, unexpanded. */
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

    /** Answers our names. Not a record, whose toString would show every value. */
    static final class Interceptor implements ConfigSourceInterceptor {

        private final Map<String, String> values;

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
            // else SmallRye would expand expressions in it
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
