package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestIssuer;

/** A gateway's files on disk, and an environment in which it starts. */
public record DoorFiles(
        Path identities, Path recipients, Path doorKey, AgeKey key, HandMadeJws signer) {

    public static final String PUBLIC_URL = "https://door.example";

    public static DoorFiles in(Path folder) throws IOException {
        AgeKey key = AgeKey.generate();
        HandMadeJws signer = HandMadeJws.generate();
        Path identities = Files.writeString(folder.resolve("door.key"), key.secret() + "\n");
        Path doorKey = Files.writeString(folder.resolve("door.jwk"), signer.privateJwk());
        for (Path secret : List.of(identities, doorKey)) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        }
        Path recipients =
                Files.writeString(folder.resolve("bare.pub"), AgeKey.generate().recipient() + "\n");
        return new DoorFiles(identities, recipients, doorKey, key, signer);
    }

    /** The mandatory variables of a gateway, for the test to change. */
    public Map<String, String> environment() {
        return new HashMap<>(
                Map.of(
                        "PUBLIC_URL",
                        PUBLIC_URL,
                        "AGE_IDENT_PATH",
                        identities.toString(),
                        "DOOR_KEY_PATH",
                        doorKey.toString(),
                        "KACHING_JWKS_URL",
                        "https://issuer.example/jwks",
                        "JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "JWT_AUDIENCE",
                        TestIssuer.AUDIENCE));
    }

    /** The mandatory variables of an issuer without a gateway. */
    public static Map<String, String> issuerEnvironment(Path folder) {
        return new HashMap<>(
                Map.of(
                        "ROLES",
                        "issuer",
                        "ISSUER_URL",
                        TestIssuer.ISSUER,
                        "ISSUER_AUDIENCE",
                        TestIssuer.AUDIENCE,
                        "ISSUER_KEYS_PATH",
                        folder.resolve("issuer-keys.json").toString(),
                        "ISSUER_CLIENTS_PATH",
                        folder.resolve("clients.json").toString()));
    }
}
