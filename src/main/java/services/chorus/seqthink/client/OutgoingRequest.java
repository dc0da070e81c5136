package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.protocol.Envelope;

/** A request with its envelope, sealed. */
public final class OutgoingRequest {

    private static final int REQUEST_ID_BYTES = 16;

    private final ObjectNode enveloped;
    private final Encoding encoding;
    private final byte[] sealed;
    private final Binding binding;

    private OutgoingRequest(ObjectNode enveloped, List<KeyRecipient> recipients, Encoding encoding)
            throws AgeException {
        this.enveloped = enveloped;
        this.encoding = encoding;
        byte[] plaintext = StrictJson.write(enveloped);
        try {
            byte[] binary = AgeFile.seal(plaintext, recipients, Encoding.BINARY);
            this.sealed = encoding == Encoding.ARMORED ? Armor.armor(binary) : binary;
            this.binding =
                    new Binding(
                            enveloped.get(Envelope.REQUEST_ID).textValue(),
                            Sha256.base64url(binary));
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /**
     * What an envelope binds a request to.
     *
     * @param token the access token that the request carries
     * @param to the full URL of the route
     * @param replyTo the recipient of the reply; may be empty where the token names it
     * @param session of the history; empty for the default
     */
    public record Addressing(
            String token, String to, Optional<KeyRecipient> replyTo, Optional<String> session) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Addressing[" + to + "]";
        }
    }

    /**
     * Adds an envelope to a message and seals both.
     *
     * @param message left as it is
     * @throws AgeException when the recipients cannot be sealed to
     */
    public static OutgoingRequest seal(
            ObjectNode message,
            Addressing addressing,
            List<KeyRecipient> recipients,
            Encoding encoding,
            Instant now)
            throws AgeException {
        byte[] random = new byte[REQUEST_ID_BYTES];
        new SecureRandom().nextBytes(random);
        ObjectNode enveloped = StrictJson.object();
        enveloped.setAll(message);
        enveloped
                .put(Envelope.REQUEST_ID, HexFormat.of().formatHex(random))
                .put(Envelope.ISSUED_AT, now.getEpochSecond())
                .put(Envelope.ATH, Sha256.base64url(addressing.token()))
                .put(Envelope.TO, addressing.to());
        addressing.replyTo().ifPresent(key -> enveloped.put(Envelope.REPLY_TO, key.toString()));
        addressing.session().ifPresent(name -> enveloped.put(Envelope.SESSION, name));
        return new OutgoingRequest(enveloped, recipients, encoding);
    }

    /**
     * Seals the same request to other recipients, for a gateway that could not open this one. It
     * keeps {@code request_id} and {@code issued_at}: if the refusal was forged, the gateway has
     * seen the id or finds the request stale, so the tool does not run twice.
     *
     * @throws AgeException when the recipients cannot be sealed to
     */
    public OutgoingRequest sealAgain(List<KeyRecipient> others) throws AgeException {
        return new OutgoingRequest(enveloped, others, encoding);
    }

    public byte[] sealed() {
        return sealed;
    }

    public Binding binding() {
        return binding;
    }

    /** Without the plaintext. */
    @Override
    public String toString() {
        return "OutgoingRequest[" + binding + "]";
    }
}
