package services.chorus.seqthink.age;

import java.util.List;

/** Age spec, "X25519 recipient stanza". */
record X25519Stanza(byte[] share, byte[] body) implements Stanza {

    static final String TYPE = "X25519";

    static X25519Stanza of(List<String> arguments, byte[] body) throws AgeException {
        Stanza.checkShape(arguments, 2, body);
        return new X25519Stanza(Stanza.bytes(arguments, 1, X25519Key.SIZE), body);
    }

    @Override
    public List<String> arguments() {
        return List.of(TYPE, CanonicalBase64.UNPADDED.encodeToString(share));
    }
}
