package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Mark;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;
import services.chorus.seqthink.sealing.Rotation.RefusedException;
import services.chorus.seqthink.testing.AgeKey;

class RotationTest {

    private static final Instant NOW = Instant.parse("2027-01-31T00:00:00Z");
    private static final Supplier<KeyIdentity> NONE =
            () -> {
                throw new AssertionError("No identity was to be made");
            };

    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private final AgeKey third = AgeKey.generate();
    private final IdentitiesFile plain = file(first.secret() + "\n" + third.secret() + "\n# end\n");

    @Test
    void appendsAPreparedIdentityWithoutANewVersion() throws Exception {
        IdentitiesFile file = at(plain).prepare(second::identity);

        assertThat(file.version()).isEqualTo(1);
        assertOrder(file, first, third, second);
        assertThat(file.prepared().orElseThrow().mark()).contains(new Mark(Standing.PREPARED, NOW));
        assertThat(written(file))
                .endsWith(
                        "# created: %1$s\n# public key: %2$s\n# prepared: %1$s\n%3$s\n# end\n"
                                .formatted(NOW, second.recipient(), second.secret()));
    }

    @Test
    void promotesThePreparedIdentityWithANewVersion() throws Exception {
        IdentitiesFile file = at(at(plain).prepare(second::identity)).promote();

        assertThat(file.version()).isEqualTo(2);
        assertOrder(file, second, first, third);
        assertThat(file.current().mark()).isEmpty();
        assertThat(file.entries().get(1).mark()).contains(new Mark(Standing.RETIRED, NOW));
        assertThat(file.entries().get(2).mark()).isEmpty();
        assertThat(written(file)).startsWith("# recipients-version: 2\n# created: ");
        assertThat(file(written(file)).entries())
                .extracting(FiledIdentity::mark)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new Mark(Standing.RETIRED, NOW)),
                        Optional.empty());
    }

    @Test
    void rejectsASecondPreparedIdentity() throws Exception {
        IdentitiesFile file = at(plain).prepare(second::identity);

        assertThatThrownBy(() -> at(file).prepare(NONE))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith(fingerprint(second) + " is already prepared");
    }

    @Test
    void rejectsPromotionWithoutAPreparedIdentity() {
        assertThatThrownBy(() -> at(plain).promote())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("rotate --prepare");
    }

    @Test
    void replacesACompromisedCurrentIdentityWithANewOne() throws Exception {
        IdentitiesFile file = at(plain).compromised(fingerprint(first), second::identity);

        assertThat(file.version()).isEqualTo(2);
        assertOrder(file, second, third);
        assertThat(written(file)).doesNotContain(first.secret(), first.recipient());
    }

    @Test
    void replacesACompromisedCurrentIdentityWithThePreparedOne() throws Exception {
        IdentitiesFile prepared = at(plain).prepare(second::identity);

        IdentitiesFile file = at(prepared).compromised(fingerprint(first), NONE);

        assertThat(file.version()).isEqualTo(2);
        assertOrder(file, second, third);
        assertThat(file.current().mark()).isEmpty();
    }

    @Test
    void replacesACompromisedIdentityThatIsTheOnlyOne() throws Exception {
        IdentitiesFile file =
                at(file(first.secret())).compromised(fingerprint(first), second::identity);

        assertOrder(file, second);
    }

    @Test
    void removesAnotherCompromisedIdentityWithoutANewVersion() throws Exception {
        IdentitiesFile prepared = at(plain).prepare(second::identity);

        assertOrder(at(prepared).compromised(fingerprint(second), NONE), first, third);
        IdentitiesFile file = at(prepared).compromised(fingerprint(third), NONE);
        assertOrder(file, first, second);
        assertThat(file.version()).isEqualTo(1);
        assertThat(file.prepared()).isPresent();
    }

    @Test
    void removesOnlyARetiredIdentity() throws Exception {
        IdentitiesFile file = at(plain).prepare(second::identity);

        for (AgeKey needed : List.of(first, second)) {
            assertThatThrownBy(() -> at(file).retire(fingerprint(needed)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith(fingerprint(needed) + " is ");
        }
        assertOrder(at(file).retire(fingerprint(third)), first, second);
        IdentitiesFile promoted = at(file).promote();
        assertOrder(at(promoted).retire(fingerprint(first)), second, third);
        assertThat(at(promoted).retire(fingerprint(first)).version()).isEqualTo(2);
    }

    @Test
    void rejectsAnUnknownFingerprint() {
        assertThatThrownBy(() -> at(plain).retire(fingerprint(second)))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> at(plain).compromised(fingerprint(second), NONE))
                .isInstanceOf(RefusedException.class);
    }

    private static Rotation at(IdentitiesFile file) {
        return new Rotation(file, NOW);
    }

    private static IdentitiesFile file(String content) {
        try {
            return IdentitiesFile.read(content.getBytes(US_ASCII));
        } catch (AgeException e) {
            throw new AssertionError(e);
        }
    }

    private static String written(IdentitiesFile file) {
        return new String(file.write(), US_ASCII);
    }

    private static void assertOrder(IdentitiesFile file, AgeKey... keys) {
        assertThat(file.entries())
                .extracting(FiledIdentity::fingerprint)
                .containsExactly(
                        List.of(keys).stream()
                                .map(RotationTest::fingerprint)
                                .toArray(String[]::new));
    }

    private static String fingerprint(AgeKey key) {
        return key.identity().recipient().fingerprint();
    }
}
