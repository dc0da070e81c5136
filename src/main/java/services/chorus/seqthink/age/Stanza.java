package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One wrapping of the file key in a header. An instance has the shape its type demands, so whoever
 * holds one may compute with it.
 */
sealed interface Stanza permits X25519Stanza, HybridStanza, ScryptStanza, UnknownStanza {

    /** The first line after {@code -> }, its type first. */
    List<String> arguments();

    byte[] body();

    /**
     * The stanza in its own type.
     *
     * @throws AgeException when it has not the shape its type demands
     */
    static Stanza of(List<String> arguments, byte[] body) throws AgeException {
        return switch (arguments.getFirst()) {
            case X25519Stanza.TYPE -> X25519Stanza.of(arguments, body);
            case HybridStanza.TYPE -> HybridStanza.of(arguments, body);
            case ScryptStanza.TYPE -> ScryptStanza.of(arguments, body);
            default -> new UnknownStanza(arguments, body);
        };
    }

    /** Checks the number of arguments and the body's length, which every known type fixes. */
    static void checkShape(List<String> arguments, int count, byte[] body) throws AgeException {
        String type = arguments.getFirst();
        if (arguments.size() != count) {
            throw AgeException.header(
                    "A stanza of type %s has %d arguments instead of %d"
                            .formatted(type, arguments.size(), count));
        }
        if (body.length != FileKey.WRAPPED_SIZE) {
            throw AgeException.header(
                    "A stanza of type %s wraps a file key of a wrong length".formatted(type));
        }
    }

    /** Decodes an argument that stands for a fixed number of bytes. */
    static byte[] bytes(List<String> arguments, int index, int size) throws AgeException {
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
