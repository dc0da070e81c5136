package services.chorus.seqthink;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the arrows between the rooms: what each may use, and nothing else of ours. */
class ArchitectureTest {

    private static final String BASE = "services.chorus.seqthink";

    /** Rooms that every other may use. */
    private static final List<String> OPEN =
            List.of("settings", "json", "hash", "http", "files", "telemetry");

    private static final Map<String, List<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry(
                            "cli",
                            List.of(
                                    "gateway..",
                                    "thinking..",
                                    "sealing..",
                                    "mcp..",
                                    "policy..",
                                    "issuer..",
                                    "audit..",
                                    "signing..",
                                    "tls",
                                    "state..",
                                    "age..")),
                    Map.entry("gateway", List.of("sealing..", "policy..", "mcp..", "audit..")),
                    Map.entry("audit", List.of("signing..")),
                    Map.entry("thinking", List.of("mcp.message", "state..")),
                    Map.entry("sealing", List.of("age..", "state..", "signing..")),
                    Map.entry("mcp", List.of("policy")),
                    Map.entry("policy", List.of("state..")),
                    Map.entry(
                            "issuer",
                            List.of("policy", "policy.dpop", "policy.limits", "age..", "state..")),
                    Map.entry("signing", List.of()),
                    Map.entry("tls", List.of()),
                    Map.entry("state", List.of()),
                    Map.entry("telemetry", List.of()),
                    Map.entry("settings", List.of()),
                    Map.entry("json", List.of()),
                    Map.entry("http", List.of()),
                    Map.entry("hash", List.of()),
                    Map.entry("files", List.of()),
                    Map.entry("age", List.of()));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(BASE);

    static Stream<String> rooms() {
        return MAY_USE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyWhatItMay(String room) {
        String[] allowed =
                Stream.of(Stream.of(room + ".."), MAY_USE.get(room).stream(), OPEN.stream())
                        .flatMap(packages -> packages)
                        .map(name -> BASE + "." + name)
                        .toArray(String[]::new);
        DescribedPredicate<JavaClass> forbidden =
                resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed)));

        noClasses()
                .that()
                .resideInAPackage(BASE + "." + room + "..")
                .should()
                .dependOnClassesThat(forbidden)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsARoom() {
        assertThat(CLASSES.stream().map(ArchitectureTest::room).distinct())
                .isSubsetOf(MAY_USE.keySet())
                .hasSizeGreaterThan(9);
    }

    @Test
    void noTwoRoomsNeedEachOther() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theAgeFormatKnowsNeitherHttpNorContainers() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".age..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "io..", "com.fasterxml..", "java.net..")
                .check(CLASSES);
    }

    private static String room(JavaClass type) {
        String below = type.getPackageName().substring(BASE.length() + 1);
        return below.split("\\.")[0];
    }
}
