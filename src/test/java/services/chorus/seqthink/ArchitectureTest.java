package services.chorus.seqthink;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Enforces the order of the packages, and which libraries some of them must not use. */
class ArchitectureTest {

    private static final String BASE = "services.chorus.seqthink";

    /** From top to bottom: a package may use those below it, and none above. */
    private static final List<String> ORDER =
            List.of(
                    "cli",
                    "app",
                    "http",
                    "pipeline",
                    "client",
                    "issuer",
                    "thinking",
                    "mcp",
                    "policy",
                    "sealing",
                    "protocol",
                    "audit");

    /** Below all of those and usable by all; they may use each other without a cycle. */
    private static final List<String> LEAVES =
            List.of(
                    "config",
                    "state",
                    "signing",
                    "tls",
                    "net",
                    "age",
                    "files",
                    "json",
                    "hash",
                    "telemetry");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(BASE);

    static Stream<String> ordered() {
        return ORDER.stream();
    }

    static Stream<String> leaves() {
        return LEAVES.stream();
    }

    @ParameterizedTest
    @MethodSource("ordered")
    void aPackageUsesOnlyThoseBelowIt(String name) {
        List<String> below = ORDER.subList(ORDER.indexOf(name), ORDER.size());
        assertUsesOnly(name, Stream.concat(below.stream(), LEAVES.stream()));
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aLeafUsesOnlyLeaves(String name) {
        assertUsesOnly(name, LEAVES.stream());
    }

    @Test
    void everyPackageIsListed() {
        assertThat(CLASSES.stream().map(ArchitectureTest::topPackage).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(ORDER.stream(), LEAVES.stream()).toList());
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void clientsUseNeitherQuarkusNorPicocli() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + ".client..", BASE + ".protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta.ws.rs..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void thePipelineUsesNoHttp() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.ws.rs..", "io.vertx..", "io.quarkus.vertx..", "java.net.http..")
                .check(CLASSES);
    }

    @Test
    void theAgeFormatUsesNeitherHttpNorContainers() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".age..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "io..", "com.fasterxml..", "java.net..")
                .check(CLASSES);
    }

    @Test
    void simpleNamesAreUnique() {
        assertThat(
                        CLASSES.stream()
                                .filter(JavaClass::isTopLevelClass)
                                .filter(type -> !type.getSimpleName().equals("package-info"))
                                .collect(groupingBy(JavaClass::getSimpleName, counting())))
                .allSatisfy((name, types) -> assertThat(types).as(name).isEqualTo(1));
    }

    private static void assertUsesOnly(String name, Stream<String> others) {
        String[] allowed = others.map(other -> BASE + "." + other + "..").toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed))))
                .check(CLASSES);
    }

    private static String topPackage(JavaClass type) {
        String below = type.getPackageName().substring(BASE.length() + 1);
        return below.split("\\.")[0];
    }
}
