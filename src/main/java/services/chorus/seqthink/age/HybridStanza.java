package services.chorus.seqthink.age;

import java.util.List;

/** Age spec, "mlkem768x25519 recipient stanza". */
record HybridStanza(byte[] encapsulated, byte[] body) implements Stanza {

    static final String TYPE = "mlkem768x25519";

    static HybridStanza of(List<String> arguments, byte[] body) throws AgeException {
        Stanza.checkShape(arguments, 2, body);
        return new HybridStanza(Stanza.bytes(arguments, 1, HybridKey.ENCAPSULATED_SIZE), body);
    }

    @Override
    public List<String> arguments() {
        return List.of(TYPE, CanonicalBase64.UNPADDED.encodeToString(encapsulated));
    }
}
