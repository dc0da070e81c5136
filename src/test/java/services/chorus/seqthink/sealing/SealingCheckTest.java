package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.testing.AgeKey;

class SealingCheckTest {

    private static final String IDENTITIES = "seqthink.sealing.identities";
    private static final String RECIPIENTS = "seqthink.sealing.recipients";
    private static final String REQUIRE_BOUND = "seqthink.sealing.require-bound";

    @TempDir Path folder;

    private final AgeKey key = AgeKey.generate();
    private String identities;
    private String recipients;

    @BeforeEach
    void writeGoodFiles() throws IOException {
        identities = file("keys", key.secret() + "\n");
        recipients = file("readers", key.recipient() + "\n");
    }

    @Test
    void requiresEnvelopesAndAWindowOfAMinuteByDefault() {
        SealingConfig config = config(Map.of(IDENTITIES, identities));

        assertThat(SealingCheck.faults(config, false)).isEmpty();
        assertThat(config.requireBound()).isTrue();
        assertThat(config.replayWindow()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void hasValidDefaults() {
        assertThat(SealingConfig.SECTION.variables())
                .filteredOn(variable -> !variable.defaultValue().isEmpty())
                .hasSize(3)
                .allSatisfy(
                        variable -> assertThat(variable.fault(variable.defaultValue())).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "REPLAY_WINDOW,4s",
        "REPLAY_WINDOW,601s",
        "REPLAY_WINDOW,60",
        "REPLAY_WINDOW,-60s",
        "REQUIRE_BOUND,yes",
        "REQUIRE_BOUND,FALSE",
        "REQUIRE_BOUND,''",
        "AGE_IDENT_PATH,''",
        "AGE_RECIPS_PATH,' '"
    })
    void rejectsAMalformedValue(String name, String value) {
        Variable variable =
                SealingConfig.SECTION.variables().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();

        assertThat(variable.fault(value)).map(Fault::variable).contains(name);
    }

    @Test
    void requiresAnIdentitiesFile() {
        assertThat(lines(Map.of(), false))
                .containsExactly(
                        "AGE_IDENT_PATH is not set: set it to an identities file; the command"
                                + " keygen creates one");
        assertThat(lines(Map.of(), true)).isEmpty();
    }

    @Test
    void rejectsHalfAConfigurationForDevelopment() {
        assertThat(lines(Map.of(RECIPIENTS, recipients), true))
                .containsExactly(
                        "AGE_IDENT_PATH is not set although AGE_RECIPS_PATH is: set both, or"
                                + " neither for development without encryption");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requiresRecipientsForRepliesToBareRequests(boolean dev) {
        assertThat(lines(Map.of(IDENTITIES, identities, REQUIRE_BOUND, "false"), dev))
                .containsExactly(
                        "AGE_RECIPS_PATH is not set although REQUIRE_BOUND is false: set it to the"
                                + " recipients of replies to bare requests, or unset"
                                + " REQUIRE_BOUND");
        assertThat(
                        lines(
                                Map.of(
                                        IDENTITIES,
                                        identities,
                                        REQUIRE_BOUND,
                                        "false",
                                        RECIPIENTS,
                                        recipients),
                                dev))
                .isEmpty();
    }

    @Test
    void reportsEveryFaultAtOnce() {
        assertThat(faults(Map.of(REQUIRE_BOUND, "false"), false))
                .containsExactly("AGE_IDENT_PATH", "AGE_RECIPS_PATH");
        assertThat(faults(Map.of(RECIPIENTS, missing()), false))
                .containsExactly("AGE_IDENT_PATH", "AGE_RECIPS_PATH");
        assertThat(faults(Map.of(IDENTITIES, missing(), RECIPIENTS, missing()), true))
                .containsExactly("AGE_IDENT_PATH", "AGE_RECIPS_PATH");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reportsAMissingFile(boolean dev) {
        assertThat(lines(Map.of(IDENTITIES, missing()), dev))
                .containsExactly(
                        "AGE_IDENT_PATH names a file that does not exist: create %s, or set it to a file that exists"
                                .formatted(missing()));
        assertThat(lines(Map.of(IDENTITIES, identities, RECIPIENTS, missing()), dev))
                .containsExactly(
                        "AGE_RECIPS_PATH names a file that does not exist: create %s, or set it to a file that exists"
                                .formatted(missing()));
    }

    @Test
    void reportsAnUnreadableFile() {
        // a folder, since a test may run as a user who can read every file
        assertThat(lines(Map.of(IDENTITIES, folder.toString()), false))
                .containsExactly(
                        "AGE_IDENT_PATH names a file that cannot be read: make sure that it is a file and that the user of this process may read it");
        assertThat(lines(Map.of(IDENTITIES, identities, RECIPIENTS, folder.toString()), false))
                .containsExactly(
                        "AGE_RECIPS_PATH names a file that cannot be read: make sure that it is a file and that the user of this process may read it");
    }

    @Test
    void namesTheMalformedLineWithoutItsContent() throws IOException {
        String brokenKeys = file("broken", "# one\n\n" + key.secret() + "\nAGE-SECRET-KEY-1OOPS\n");
        String brokenReaders = file("broken.pub", key.recipient() + "\r\nage1oops\r\n");

        assertThat(lines(Map.of(IDENTITIES, brokenKeys, RECIPIENTS, brokenReaders), false))
                .hasSize(2)
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .startsWith("AGE_IDENT_PATH names a broken file: Line 4: "),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "AGE_RECIPS_PATH names a broken file: Line 2: "))
                .noneSatisfy(line -> assertThat(line).containsIgnoringCase("oops"));
    }

    @Test
    void reportsAFileWithTheOtherKindOfKey() {
        assertThat(lines(Map.of(IDENTITIES, recipients, RECIPIENTS, identities), false))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("names a broken file: Line 1: "))
                .noneSatisfy(line -> assertThat(line).contains(key.secret()));
    }

    @Test
    void reportsMixedRecipients() throws IOException {
        String mixed =
                file("mixed", key.recipient() + "\n" + HybridIdentity.generate().recipient());

        assertThat(faults(Map.of(IDENTITIES, identities, RECIPIENTS, mixed), false))
                .containsExactly("AGE_RECIPS_PATH");
    }

    private String missing() {
        return folder.resolve("missing").toString();
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static List<String> faults(Map<String, String> set, boolean dev) {
        return SealingCheck.faults(config(set), dev).stream().map(Fault::variable).toList();
    }

    private static List<String> lines(Map<String, String> set, boolean dev) {
        return SealingCheck.faults(config(set), dev).stream().map(Fault::line).toList();
    }

    private static SealingConfig config(Map<String, String> set) {
        Map<String, String> values = new HashMap<>();
        SealingConfig.SECTION.variables().stream()
                .filter(each -> !each.defaultValue().isEmpty())
                .forEach(each -> values.put(each.property(), each.defaultValue()));
        values.putAll(set);
        return new SmallRyeConfigBuilder()
                .withMapping(SealingConfig.class)
                .withConverter(Duration.class, 200, Form::parseDuration)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(SealingConfig.class);
    }
}
