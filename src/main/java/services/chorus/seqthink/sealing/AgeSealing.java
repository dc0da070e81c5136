package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.protocol.Envelope;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;

/** Requests and replies as age files, bound to each other by the envelope. */
public final class AgeSealing implements Sealing {

    private final Keys keys;
    private final boolean requireBound;
    private final Freshness freshness;
    private final int maxPlaintextBytes;

    /**
     * @param requireBound whether a request without an envelope is rejected
     * @param maxPlaintextBytes the longest request that is accepted
     */
    public AgeSealing(Keys keys, boolean requireBound, Freshness freshness, int maxPlaintextBytes) {
        this.keys = keys;
        this.requireBound = requireBound;
        this.freshness = freshness;
        this.maxPlaintextBytes = maxPlaintextBytes;
    }

    @Override
    public String mediaType() {
        return "application/age";
    }

    @Override
    public Incoming open(byte[] body, Expected expected) {
        return open(body, expected, requireBound);
    }

    @Override
    public Incoming openStream(byte[] body, Expected expected) {
        return body.length == 0
                ? new Incoming.Unanswerable(Cause.ENVELOPE_REQUIRED)
                : open(body, expected, true);
    }

    private Incoming open(byte[] body, Expected expected, boolean boundOnly) {
        byte[] sealed;
        try {
            sealed = Armor.isArmored(body) ? Armor.dearmor(body) : body;
        } catch (AgeException e) {
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        if (Armor.isArmored(sealed)) {
            // a second armor, which opening would remove although the request's hash covers it
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        Keyring keyring = keys.current();
        return switch (AgeFile.open(sealed, keyring.identities(), maxPlaintextBytes)) {
            case Opened.Plaintext(byte[] plaintext, var openedBy) -> {
                keys.opened(openedBy);
                try {
                    Optional<Keyring> bare = boundOnly ? Optional.empty() : Optional.of(keyring);
                    yield read(plaintext, sealed, expected, bare);
                } finally {
                    Arrays.fill(plaintext, (byte) 0);
                }
            }
            case Opened.NoIdentityMatched() -> new Incoming.Unanswerable(Cause.NO_IDENTITY);
            case Opened.Malformed(String reason) -> new Incoming.Unanswerable(Cause.UNREADABLE);
            case Opened.TooLarge(int most) -> new Incoming.Unanswerable(Cause.TOO_LARGE);
        };
    }

    @Override
    public byte[] seal(ReplyTarget to, int status, ObjectNode reply, boolean armored) {
        ObjectNode bound = JsonNodeFactory.instance.objectNode().setAll(reply);
        to.binding().ifPresent(binding -> bind(bound, binding).put("status", status));
        return sealed(to, bound, armored ? Encoding.ARMORED : Encoding.BINARY);
    }

    @Override
    public byte[] seal(ReplyTarget to, StreamEvent event) {
        return sealed(to, bind(event.members(), to.binding().orElseThrow()), Encoding.BINARY);
    }

    private static ObjectNode bind(ObjectNode members, Binding binding) {
        return members.put("request_id", binding.requestId())
                .put("request_hash", binding.requestHash());
    }

    private static byte[] sealed(ReplyTarget to, ObjectNode members, Encoding encoding) {
        byte[] plaintext = StrictJson.write(members);
        try {
            return AgeFile.seal(plaintext, to.recipients(), encoding);
        } catch (AgeException e) {
            throw new IllegalStateException("The reply cannot be sealed", e);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /**
     * @param bare the keyring with the recipients of replies to bare requests; empty to reject
     *     those
     */
    private Incoming read(
            byte[] plaintext, byte[] sealed, Expected expected, Optional<Keyring> bare) {
        Optional<ObjectNode> request = StrictJson.parseObject(plaintext);
        if (request.isEmpty()) {
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        Optional<Envelope> envelope = Envelope.takenFrom(request.get());
        if (envelope.isPresent()) {
            return bound(request.get(), envelope.get(), sealed, expected);
        }
        return bare.isPresent()
                ? new Incoming.Accepted(request.get(), bare.get().bareReplyTarget())
                : new Incoming.Unanswerable(Cause.ENVELOPE_REQUIRED);
    }

    private Incoming bound(
            ObjectNode request, Envelope envelope, byte[] sealed, Expected expected) {
        // first, and with the same answer: a request for another token or another route
        if (!envelope.isFor(expected.tokenHash(), expected.route())) {
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        Optional<KeyRecipient> recipient =
                expected.tokenRecipient().or(envelope::replyTo).flatMap(KeyRecipient::read);
        Optional<String> requestId = envelope.requestId();
        if (recipient.isEmpty() || requestId.isEmpty()) {
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        ReplyTarget from =
                new ReplyTarget(
                        List.of(recipient.get()),
                        recipient.get().toString(),
                        envelope.session().orElse(Envelope.DEFAULT_SESSION),
                        Optional.of(new Binding(requestId.get(), Sha256.base64url(sealed))));
        return refusal(envelope, recipient.get())
                .<Incoming>map(refusal -> new Incoming.Refused(from, refusal))
                .orElseGet(() -> new Incoming.Accepted(request, from));
    }

    private Optional<Refusal> refusal(Envelope envelope, KeyRecipient recipient) {
        if (envelope.namesReplyTo()
                && !envelope.replyTo().equals(Optional.of(recipient.toString()))) {
            return Optional.of(Refusal.otherRecipient());
        }
        if (envelope.session().isEmpty()) {
            return Optional.of(
                    Refusal.badEnvelope(
                            Envelope.SESSION,
                            "a name of 1 to %d characters".formatted(Envelope.LONGEST_SESSION)));
        }
        Optional<Long> issuedAt = envelope.issuedAt();
        if (issuedAt.isEmpty()) {
            return Optional.of(
                    Refusal.badEnvelope(Envelope.ISSUED_AT, "a number of seconds since 1970"));
        }
        return freshness.refusal(issuedAt.get());
    }
}
