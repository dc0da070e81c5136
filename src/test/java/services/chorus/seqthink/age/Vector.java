package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/** One vector of the community test kit: a few lines of keys and values, then a file. */
record Vector(String name, List<String> keys, byte[] file) {

    static Vector read(String name, byte[] bytes) throws IOException {
        String text = new String(bytes, ISO_8859_1);
        int end = text.indexOf("\n\n");
        List<String> keys = text.substring(0, end).lines().toList();
        byte[] file = text.substring(end + 2).getBytes(ISO_8859_1);
        return new Vector(name, keys, keys.contains("compressed: zlib") ? inflate(file) : file);
    }

    String expected() {
        return value("expect").orElseThrow();
    }

    boolean armored() {
        return value("armored").isPresent();
    }

    /** The SHA-256 of all plaintext that is written, in hexadecimal. */
    Optional<String> payloadHash() {
        return value("payload");
    }

    Optional<String> fileKey() {
        return value("file key");
    }

    List<Identity> identities() throws AgeException {
        List<Identity> identities = new ArrayList<>();
        for (String identity : keyIdentities()) {
            identities.add(KeyIdentity.parse(identity));
        }
        for (String passphrase : values("passphrase")) {
            identities.add(new ScryptIdentity(passphrase.getBytes(UTF_8)));
        }
        return identities;
    }

    /** The identities that are keys, as text. */
    List<String> keyIdentities() {
        return values("identity");
    }

    @Override
    public String toString() {
        return name;
    }

    private Optional<String> value(String key) {
        return values(key).stream().findFirst();
    }

    private List<String> values(String key) {
        String start = key + ": ";
        return keys.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    private static byte[] inflate(byte[] bytes) throws IOException {
        return new InflaterInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }
}
