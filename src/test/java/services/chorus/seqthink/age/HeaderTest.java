package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {

    private static final String VERSION = "age-encryption.org/v1\n";
    private static final String GREASE = "-> grease\n\n";
    private static final String MAC = "--- " + "A".repeat(43) + "\n";

    private final X25519Identity alice = X25519Identity.generate();

    @Test
    void limitsTheStanzasToTwenty() throws AgeException {
        assertThat(parse(VERSION + GREASE.repeat(20) + MAC).stanzas()).hasSize(20);
        assertRefused(VERSION + GREASE.repeat(21) + MAC, "more than 20 stanzas");
    }

    @Test
    void limitsTheArgumentsToEight() throws AgeException {
        Header header = parse(VERSION + "-> a b c d e f g h\n\n" + MAC);

        assertThat(header.stanzas().getFirst().arguments()).hasSize(8);
        assertRefused(VERSION + "-> a b c d e f g h i\n\n" + MAC, "more than 8 arguments");
    }

    @Test
    void limitsTheHeaderToSixteenKibibytes() throws AgeException {
        int rest = (VERSION + "-> \n\n" + MAC).length();
        String longest = "a".repeat(Header.MAX_SIZE - rest);

        assertThat(parse(VERSION + "-> " + longest + "\n\n" + MAC + "payload").length())
                .isEqualTo(Header.MAX_SIZE);
        assertRefused(VERSION + "-> " + longest + "a\n\n" + MAC, "longer than 16384 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-> X25519 AAAA\nAAAA\n",
                "-> X25519\n\n",
                "-> mlkem768x25519 AAAA\n\n",
                "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\nAAAA\n",
                "-> grease\nAAA=\n",
                "-> grease\nAB\n",
                "-> grease  x\n\n",
                "-> gr\u00e9ase\n\n",
                "->\n\n",
                "-> \n\n",
            })
    void validatesEveryStanzaEvenAfterAMatchingOne(String misshapen) throws AgeException {
        String fitting = stanzaToAlice();

        assertThat(parse(VERSION + fitting + GREASE + MAC).stanzas()).hasSize(2);
        assertRefused(VERSION + fitting + misshapen + MAC, "");
        assertRefused(VERSION + misshapen + fitting + MAC, "");
    }

    @Test
    void rejectsAHeaderTruncatedAnywhere() throws AgeException {
        String header = VERSION + stanzaToAlice() + MAC;
        assertThat(parse(header).length()).isEqualTo(header.length());

        for (int length = 0; length < header.length(); length++) {
            assertRefused(header.substring(0, length), "");
        }
    }

    @Test
    void triesEveryIdentityOnEveryStanzaAtMostOnce() throws AgeException {
        List<Recipient> strangers = Collections.nCopies(20, X25519Identity.generate().recipient());
        Header header = Header.parse(AgeFile.seal(new byte[1], strangers, Encoding.BINARY));
        AtomicInteger operations = new AtomicInteger();
        Identity counting = identity(operations, alice::unwrap);

        assertThatThrownBy(() -> header.match(List.of(counting, counting, counting)))
                .isInstanceOf(AgeException.class);
        assertThat(operations).hasValue(20 * 3);
    }

    @Test
    void stopsAtTheFirstMatchingStanza() throws AgeException {
        List<Recipient> recipients =
                List.of(X25519Identity.generate().recipient(), alice.recipient());
        Header header = Header.parse(AgeFile.seal(new byte[1], recipients, Encoding.BINARY));
        AtomicInteger operations = new AtomicInteger();
        Identity never = identity(operations, stanza -> Optional.empty());

        assertThat(header.match(List.of(alice, never)).identity()).isEqualTo(alice);
        assertThat(operations).hasValue(0);
    }

    @Test
    void ignoresAStanzaOfAnUnknownType() throws AgeException {
        Header header = parse(VERSION + "-> ssh-ed25519 AAAA BBBB\nAAAA\n" + MAC);

        assertThat(header.stanzas().getFirst()).isInstanceOf(Stanza.Unknown.class);
        assertThat(alice.unwrap(header.stanzas().getFirst())).isEmpty();
    }

    @Test
    void rejectsAnEquivalentHeaderWithOtherBytes() throws AgeException {
        byte[] sealed = AgeFile.seal(new byte[1], List.of(alice.recipient()), Encoding.BINARY);
        String text = new String(sealed, ISO_8859_1);
        String extended = text.replaceFirst("\n--- ", "\n-> grease\n\n--- ");

        assertThat(AgeFile.open(extended.getBytes(ISO_8859_1), List.of(alice), 10))
                .isEqualTo(new Opened.Malformed("The header was changed after it was sealed"));
    }

    private String stanzaToAlice() throws AgeException {
        byte[] sealed = AgeFile.seal(new byte[1], List.of(alice.recipient()), Encoding.BINARY);
        String text = new String(sealed, ISO_8859_1);
        return text.substring(text.indexOf("-> "), text.indexOf("--- "));
    }

    private static Header parse(String text) throws AgeException {
        return Header.parse(text.getBytes(ISO_8859_1));
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        AgeException.class,
                        e -> assertThat(e.kind()).isEqualTo(AgeException.Kind.HEADER))
                .hasMessageContaining(reason);
    }

    private interface Unwrapping {
        Optional<FileKey> unwrap(Stanza stanza) throws AgeException;
    }

    private static Identity identity(AtomicInteger operations, Unwrapping unwrapping) {
        return new Identity() {
            @Override
            Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
                operations.incrementAndGet();
                return unwrapping.unwrap(stanza);
            }

            @Override
            public void close() {}
        };
    }
}
