package services.chorus.seqthink.age;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Age spec, "scrypt recipient stanza".
 *
 * @param workFactor the base-two logarithm of scrypt's N
 */
record ScryptStanza(byte[] salt, int workFactor, byte[] body) implements Stanza {

    static final String TYPE = "scrypt";
    static final int SALT_SIZE = 16;

    /** Without sign or leading zero; a third digit is beyond every computer. */
    private static final Pattern WORK_FACTOR = Pattern.compile("[1-9][0-9]?");

    static ScryptStanza of(List<String> arguments, byte[] body) throws AgeException {
        Stanza.checkShape(arguments, 3, body);
        String workFactor = arguments.get(2);
        if (!WORK_FACTOR.matcher(workFactor).matches()) {
            throw AgeException.header("A stanza of type scrypt has no usable work factor");
        }
        return new ScryptStanza(
                Stanza.bytes(arguments, 1, SALT_SIZE), Integer.parseInt(workFactor), body);
    }

    @Override
    public List<String> arguments() {
        return List.of(
                TYPE, CanonicalBase64.UNPADDED.encodeToString(salt), Integer.toString(workFactor));
    }
}
