package services.chorus.seqthink;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Caffeine loads a generated class by the options of a cache. In a native image that fails at run
 * time unless the class is registered for reflection, by the framework or by us.
 */
class CacheClassesTest {

    private static final String FRAMEWORK =
            "/io/quarkus/caffeine/runtime/graal/CacheConstructorsFeature.class";
    private static final Pattern GENERATED =
            Pattern.compile("com\\.github\\.benmanes\\.caffeine\\.cache\\.[A-Z]+(?![A-Za-z])");
    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("services.chorus.seqthink");

    @Test
    void areAllRegistered() throws Exception {
        Set<String> registered = Stream.concat(byTheFramework(), byUs()).collect(toSet());
        List<List<String>> caches = caches();

        assertThat(caches).hasSizeGreaterThan(5);
        for (List<String> options : caches) {
            assertThat(registered).as("%s", options).containsAll(generated(options));
        }
    }

    /** The names of the builder's methods that are called for each cache of the main code. */
    private static List<List<String>> caches() {
        List<List<String>> caches = new ArrayList<>();
        for (JavaClass type : MAIN.that(not(equivalentTo(CacheClassesTest.class)))) {
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                unit.getMethodCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().isEquivalentTo(Caffeine.class))
                        .sorted(
                                comparingInt(JavaMethodCall::getLineNumber)
                                        .thenComparing(
                                                call -> !call.getName().equals("newBuilder")))
                        .forEach(
                                call -> {
                                    if (call.getName().equals("newBuilder")) {
                                        caches.add(new ArrayList<>());
                                    } else {
                                        caches.getLast().add(call.getName());
                                    }
                                });
            }
        }
        return caches;
    }

    /** The classes that a cache with these options consists of. */
    private static Set<String> generated(List<String> options) throws Exception {
        Caffeine<Object, Object> builder = Caffeine.newBuilder();
        for (String option : options) {
            switch (option) {
                case "maximumSize" -> builder.maximumSize(1);
                case "maximumWeight" -> builder.maximumWeight(1);
                case "weigher" -> builder.weigher((key, value) -> 1);
                case "expireAfterWrite" -> builder.expireAfterWrite(Duration.ofSeconds(1));
                case "expireAfterAccess" -> builder.expireAfterAccess(Duration.ofSeconds(1));
                case "removalListener" -> builder.removalListener((key, value, cause) -> {});
                case "evictionListener" -> builder.evictionListener((key, value, cause) -> {});
                case "ticker", "executor", "build" -> {} // of no effect on the class
                default -> throw new AssertionError("unknown option of a cache: " + option);
            }
        }
        Object cache = field(builder.build(), "cache");
        return Set.of(cache.getClass().getName(), field(cache, "nodeFactory").getClass().getName());
    }

    private static Object field(Object owner, String name) throws Exception {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(owner);
                }
            }
        }
        throw new NoSuchFieldException(name);
    }

    private static Stream<String> byTheFramework() throws IOException {
        try (InputStream bytes = CacheClassesTest.class.getResourceAsStream(FRAMEWORK)) {
            return GENERATED
                    .matcher(new String(bytes.readAllBytes(), ISO_8859_1))
                    .results()
                    .map(MatchResult::group)
                    .toList()
                    .stream();
        }
    }

    private static Stream<String> byUs() {
        return MAIN.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                .flatMap(
                        type ->
                                Stream.of(
                                        type.getAnnotationOfType(RegisterForReflection.class)
                                                .classNames()));
    }
}
