package services.chorus.seqthink.policy.limits;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Failures share no locks and no limits with valid requests. */
class FailuresApartTest {

    private static final String PACKAGE = FailureLimits.class.getPackageName();

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(PACKAGE);

    @Test
    void failuresDoNotUseSharedStateOrCallersLimits() {
        noClasses()
                .that()
                .belongToAnyOf(
                        FailureLimits.class,
                        ClientLimits.class,
                        TrustedProxies.class,
                        Network.class,
                        LocalBuckets.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..state..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(CallerLimits.class, SharedBuckets.class)
                .check(CLASSES);
    }

    @Test
    void noLimitUsesALock() {
        methods()
                .that()
                .areNotDeclaredIn(Shares.class) // counts only, and is asked once for a body or call
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent.locks..")
                .check(CLASSES);
    }
}
