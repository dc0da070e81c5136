package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.sealing.FiledIdentity.Mark;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;
import services.chorus.seqthink.testing.AgeKey;

class IdentitiesFileTest {

    private static final String TIME = "2027-01-31T00:00:00Z";

    private final AgeKey current = AgeKey.generate();
    private final AgeKey prepared = AgeKey.generate();
    private final AgeKey retired = AgeKey.generate();

    @Test
    void hasVersionOneByDefault() throws AgeException {
        IdentitiesFile file = read(current.secret() + "\n" + retired.secret());

        assertThat(file.version()).isEqualTo(1);
        assertThat(file.current().fingerprint()).isEqualTo(fingerprint(current));
        assertThat(file.prepared()).isEmpty();
        assertThat(file.entries()).extracting(FiledIdentity::mark).containsOnly(Optional.empty());
    }

    @Test
    void readsTheStatesOfItsIdentities() throws AgeException {
        IdentitiesFile file = read(rotated());

        assertThat(file.version()).isEqualTo(7);
        assertThat(file.identities())
                .extracting(identity -> identity.recipient().toString())
                .containsExactly(current.recipient(), retired.recipient(), prepared.recipient());
        assertThat(file.entries())
                .extracting(FiledIdentity::mark)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new Mark(Standing.RETIRED, Instant.parse(TIME))),
                        Optional.of(
                                new Mark(
                                        Standing.PREPARED,
                                        Instant.parse("2027-01-31T22:30:00.500Z"))));
        assertThat(file.current().created()).contains(Instant.parse("2021-01-02T14:30:45Z"));
        assertThat(file.prepared().orElseThrow().fingerprint()).isEqualTo(fingerprint(prepared));
        assertThat(file.find(fingerprint(retired))).isPresent();
        assertThat(file.find("0123456789abcdef")).isEmpty();
    }

    @Test
    void keepsEveryOtherLineInPlace() throws AgeException {
        byte[] written = read(rotated()).write();

        assertThat(new String(written, ISO_8859_1))
                .isEqualTo(
                        """
                        # recipients-version: 7
                        # made by hand
                        # created: 2021-01-02T15:30:45+01:00
                        # public key: %s
                        %s

                        # caf\u00c3\u00a9, and created: nobody knows when
                        # retired: 2027-01-31T00:00:00Z
                        %s
                        # prepared: 2027-01-31T22:30:00.500Z
                        %s
                        # the end
                        """
                                .formatted(
                                        current.recipient(),
                                        current.secret(),
                                        retired.secret(),
                                        prepared.secret()));
        assertThat(read(new String(written, ISO_8859_1)).write()).isEqualTo(written);
    }

    @Test
    void acceptsCrlf() throws AgeException {
        String file = rotated();

        assertThat(read(file.replace("\n", "\r\n")).write()).isEqualTo(read(file).write());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# recipients-version: 0",
                "# recipients-version: -1",
                "# recipients-version: 01",
                "# recipients-version: 1.5",
                "# recipients-version: two",
                "# recipients-version:",
                "# recipients-version 2",
                "# recipients-version= 2",
                "#Recipients-Version: 0x2",
                "# recipients-version: 2 3",
                "# recipients-version: 1000000000000000",
            })
    void rejectsAMalformedVersion(String line) {
        assertThatThrownBy(() -> read(current.secret() + "\n" + line + "\n"))
                .isInstanceOf(AgeException.class)
                .hasMessage("Line 2: write it as: # recipients-version: 2");
    }

    @Test
    void rejectsTwoVersions() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "# recipients-version: 2\n#\n# recipients-version: 2\n"
                                                + current.secret()))
                .hasMessageStartingWith("Line 3: ");
    }

    @ParameterizedTest
    @CsvSource({
        "# prepared: soon, 2",
        "# retired:, 2",
        "# retired: 2027-01-31, 2",
        "# Retired : 2027-01-31T00:00:00, 2",
    })
    void rejectsAMalformedTime(String line, int number) {
        assertThatThrownBy(() -> read(current.secret() + "\n" + line + "\n" + retired.secret()))
                .hasMessageStartingWith("Line " + number + ": write the time as: # ");
    }

    @Test
    void rejectsImpossibleMarks() {
        String mark = "# prepared: " + TIME + "\n";
        for (String file :
                List.of(
                        mark + current.secret(),
                        current.secret() + "\n" + mark,
                        current.secret()
                                + "\n"
                                + mark
                                + "# retired: "
                                + TIME
                                + "\n"
                                + retired.secret(),
                        current.secret()
                                + "\n"
                                + mark
                                + retired.secret()
                                + "\n"
                                + mark
                                + prepared.secret())) {
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(AgeException.class)
                    .hasMessageStartingWith("Line ");
        }
    }

    @Test
    void rejectsADuplicateIdentity() {
        assertThatThrownBy(
                        () ->
                                read(
                                        current.secret()
                                                + "\n"
                                                + retired.secret()
                                                + "\n#\n"
                                                + current.secret()))
                .hasMessage("Line 4: the file contains this identity twice; keep one");
    }

    @Test
    void namesTheLineOfAMalformedIdentityWithoutItsContent() {
        assertThatThrownBy(() -> read("# recipients-version: 2\n" + current.secret() + "OOPS\n"))
                .hasMessageStartingWith("Line 2: ")
                .message()
                .doesNotContain(current.secret().substring(20), "OOPS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# recipients-version: 2\n"})
    void rejectsAFileWithoutAnIdentity(String content) {
        assertThatThrownBy(() -> read(content))
                .hasMessage("The file holds no identity: put one on a line");
    }

    @Test
    void writesANewIdentityAsAgeKeygenDoes() throws AgeException {
        FiledIdentity made =
                FiledIdentity.made(current.identity(), Instant.parse("2027-01-31T00:00:00.750Z"));

        assertThat(made.write())
                .asString()
                .isEqualTo(
                        "# created: %s\n# public key: %s\n%s\n"
                                .formatted(TIME, current.recipient(), current.secret()));
        assertThat(read(new String(made.write(), ISO_8859_1)).current().created())
                .isEqualTo(made.created());
    }

    @Test
    void showsNoSecret() throws AgeException {
        assertThat(read("# hunter2\n" + current.secret()).toString())
                .contains(fingerprint(current))
                .doesNotContain(current.secret().substring(16), "hunter2");
    }

    @Test
    void wipesItsIdentitiesWhenClosed() throws AgeException {
        IdentitiesFile file = read(current.secret());
        file.close();

        assertThatThrownBy(file::write).isInstanceOf(IllegalStateException.class);
    }

    private String rotated() {
        return """
        # made by hand
        # created: 2021-01-02T15:30:45+01:00
        # public key: %s
        %s

        # caf\u00c3\u00a9, and created: nobody knows when
        # retired: 2027-01-31T00:00:00Z
        %s
        #prepared:2027-01-31T22:30:00.5Z
        %s
        # the end
        # Recipients-Version: 7
        """
                .formatted(
                        current.recipient(), current.secret(), retired.secret(), prepared.secret());
    }

    private static String fingerprint(AgeKey key) {
        return key.identity().recipient().fingerprint();
    }

    private static IdentitiesFile read(String content) throws AgeException {
        return IdentitiesFile.read(content.getBytes(ISO_8859_1));
    }
}
