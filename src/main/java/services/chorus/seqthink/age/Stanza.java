package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.X25519Recipient.X25519Key;

/** A wrapped file key in a header; an instance has the form that its type prescribes. */
sealed interface Stanza {

    /** The first line after {@code -> }, beginning with the type. */
    List<String> arguments();

    byte[] body();

    /** Rejects a stanza that does not have the form its type prescribes. */
    static Stanza of(List<String> arguments, byte[] body) throws AgeException {
        return switch (arguments.getFirst()) {
            case X25519.TYPE -> {
                checkShape(arguments, 2, body);
                yield new X25519(bytes(arguments, 1, X25519Key.SIZE), body);
            }
            case Hybrid.TYPE -> {
                checkShape(arguments, 2, body);
                yield new Hybrid(bytes(arguments, 1, HybridRecipient.ENCAPSULATED_SIZE), body);
            }
            case Scrypt.TYPE -> Scrypt.of(arguments, body);
            default -> new Unknown(arguments, body);
        };
    }

    /** Age spec, "X25519 recipient stanza". */
    record X25519(byte[] share, byte[] body) implements Stanza {

        static final String TYPE = "X25519";

        @Override
        public List<String> arguments() {
            return List.of(TYPE, CanonicalBase64.UNPADDED.encodeToString(share));
        }
    }

    /** Age spec, "mlkem768x25519 recipient stanza". */
    record Hybrid(byte[] encapsulated, byte[] body) implements Stanza {

        static final String TYPE = "mlkem768x25519";

        @Override
        public List<String> arguments() {
            return List.of(TYPE, CanonicalBase64.UNPADDED.encodeToString(encapsulated));
        }
    }

    /**
     * Age spec, "scrypt recipient stanza".
     *
     * @param workFactor the base-two logarithm of scrypt's N
     */
    record Scrypt(byte[] salt, int workFactor, byte[] body) implements Stanza {

        static final String TYPE = "scrypt";
        static final int SALT_SIZE = 16;

        /** No sign or leading zero; a work factor of three digits is infeasible. */
        private static final Pattern WORK_FACTOR = Pattern.compile("[1-9][0-9]?");

        private static Scrypt of(List<String> arguments, byte[] body) throws AgeException {
            checkShape(arguments, 3, body);
            String workFactor = arguments.get(2);
            if (!WORK_FACTOR.matcher(workFactor).matches()) {
                throw AgeException.header("A stanza of type scrypt has an invalid work factor");
            }
            return new Scrypt(bytes(arguments, 1, SALT_SIZE), Integer.parseInt(workFactor), body);
        }

        @Override
        public List<String> arguments() {
            String encodedSalt = CanonicalBase64.UNPADDED.encodeToString(salt);
            return List.of(TYPE, encodedSalt, Integer.toString(workFactor));
        }
    }

    /** A type that no identity here opens, such as {@code ssh-ed25519} or a grease stanza. */
    record Unknown(List<String> arguments, byte[] body) implements Stanza {}

    private static void checkShape(List<String> arguments, int count, byte[] body)
            throws AgeException {
        String type = arguments.getFirst();
        if (arguments.size() != count) {
            throw AgeException.header(
                    "A stanza of type %s has %d arguments instead of %d"
                            .formatted(type, arguments.size(), count));
        }
        if (body.length != FileKey.WRAPPED_SIZE) {
            throw AgeException.header(
                    "The body of a stanza of type %s has the wrong length".formatted(type));
        }
    }

    private static byte[] bytes(List<String> arguments, int index, int size) throws AgeException {
        byte[] text = arguments.get(index).getBytes(StandardCharsets.US_ASCII);
        return CanonicalBase64.UNPADDED
                .decode(text)
                .filter(bytes -> bytes.length == size)
                .orElseThrow(
                        () ->
                                AgeException.header(
                                        "Argument %d of a stanza of type %s is not %d bytes in base64"
                                                .formatted(index, arguments.getFirst(), size)));
    }
}
