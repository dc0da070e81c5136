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

/**
 * The client's side of the protocol: a request with its envelope, sealed.
 *
 * @param sealed the body to send
 * @param binding what the reply must carry
 * @param issuedAt when it was issued, as its envelope says
 */
public record OutgoingRequest(byte[] sealed, Binding binding, Instant issuedAt) {

    private static final int REQUEST_ID_BYTES = 16;

    /**
     * What binds a request.
     *
     * @param token the access token that is sent along
     * @param to the full URL of the route
     * @param replyTo whom the reply is for; may be left out where the token names it
     * @param session the name under which the door keeps the history, where not the default
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
     * Adds an envelope to a request and seals both.
     *
     * @param request a JSON object in UTF-8
     * @throws AgeException when the recipients cannot be sealed to
     * @throws IllegalArgumentException when the request is no JSON object
     */
    public static OutgoingRequest seal(
            byte[] request,
            Addressing addressing,
            List<KeyRecipient> door,
            Encoding encoding,
            Instant now)
            throws AgeException {
        byte[] random = new byte[REQUEST_ID_BYTES];
        new SecureRandom().nextBytes(random);
        return seal(request, HexFormat.of().formatHex(random), addressing, door, encoding, now);
    }

    /**
     * The same request again, to other recipients, for a door that could not open this one. It
     * keeps its {@code request_id} and its {@code issued_at}: whoever made up that refusal after
     * all has a door that knows the id, or one that finds the request stale, so it is not done
     * twice.
     *
     * @param request what {@link #seal} was given
     * @throws AgeException when the recipients cannot be sealed to
     */
    public OutgoingRequest sealAgain(
            byte[] request, Addressing addressing, List<KeyRecipient> door, Encoding encoding)
            throws AgeException {
        return seal(request, binding.requestId(), addressing, door, encoding, issuedAt);
    }

    private static OutgoingRequest seal(
            byte[] request,
            String requestId,
            Addressing addressing,
            List<KeyRecipient> door,
            Encoding encoding,
            Instant issuedAt)
            throws AgeException {
        ObjectNode enveloped =
                StrictJson.parseObject(request)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "The request is no JSON object"));
        enveloped
                .put(Envelope.REQUEST_ID, requestId)
                .put(Envelope.ISSUED_AT, issuedAt.getEpochSecond())
                .put(Envelope.ATH, Sha256.base64url(addressing.token()))
                .put(Envelope.TO, addressing.to());
        addressing.replyTo().ifPresent(key -> enveloped.put(Envelope.REPLY_TO, key.toString()));
        addressing.session().ifPresent(name -> enveloped.put(Envelope.SESSION, name));
        byte[] plaintext = StrictJson.write(enveloped);
        try {
            byte[] binary = AgeFile.seal(plaintext, door, Encoding.BINARY);
            Binding binding = new Binding(requestId, Sha256.base64url(binary));
            return new OutgoingRequest(encoded(binary, encoding), binding, issuedAt);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    private static byte[] encoded(byte[] binary, Encoding encoding) throws AgeException {
        return switch (encoding) {
            case BINARY -> binary;
            case ARMORED -> Armor.armor(binary);
        };
    }
}
