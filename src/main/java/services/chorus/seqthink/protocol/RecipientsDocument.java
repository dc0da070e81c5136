package services.chorus.seqthink.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.KnownDoors;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * Whom a door says to seal to; signed by its door key.
 *
 * @param url the door's public URL, without a slash at its end
 * @param version rises with every change of the recipients; 1 or more
 * @param since when it was signed, in whole seconds
 * @param until when it ends, in whole seconds
 * @param recipients whom to seal to, all of one kind; at least one
 * @param opens the fingerprints of all recipients whose identities the door has
 */
public record RecipientsDocument(
        String url,
        long version,
        Instant since,
        Instant until,
        List<KeyRecipient> recipients,
        List<String> opens) {

    /** Where a door serves it, below its public URL. */
    public static final String PATH = "/.well-known/age-recipients";

    /** The media type of its signed form (RFC 7515 section 9.2.1). */
    public static final String MEDIA_TYPE = "application/jose";

    /** The most characters that its signed form may have. */
    public static final int LARGEST = 64 * 1024;

    // shown to people, so nothing that a terminal would obey
    private static final Pattern URL = Pattern.compile("https?://[!-~]{1,2000}");

    // far from where an Instant ends
    private static final long LATEST_SECOND = 1L << 40;

    public RecipientsDocument {
        requireNonNull(url, "url is null");
        requireNonNull(since, "since is null");
        requireNonNull(until, "until is null");
        recipients = List.copyOf(recipients);
        opens = List.copyOf(opens);
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more: " + version);
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("A document needs a recipient");
        }
    }

    /** What a signed form is worth by itself, whoever signed it and whenever. */
    public sealed interface Verification {

        /**
         * Signed by the key it carries, and well formed.
         *
         * @param fingerprint of that key
         */
        record Valid(RecipientsDocument document, String fingerprint) implements Verification {}

        /**
         * Nothing in it may be believed.
         *
         * @param why ends a sentence about it
         */
        record Refused(String why) implements Verification {}
    }

    /**
     * Signs it.
     *
     * @return a compact JWS
     */
    public String sign(Ed25519Key key) {
        ObjectNode payload =
                StrictJson.object()
                        .put("url", url)
                        .put("version", version)
                        .put("since", since.getEpochSecond())
                        .put("until", until.getEpochSecond());
        ArrayNode keys = payload.putArray("recipients");
        recipients.forEach(recipient -> keys.add(recipient.toString()));
        ArrayNode fingerprints = payload.putArray("opens");
        opens.forEach(fingerprints::add);
        return SignedByDoor.sign(StrictJson.write(payload), key);
    }

    /** Verifies a signed form by the key that it carries; {@link KnownDoors} judges that key. */
    public static Verification verify(String jws) {
        if (jws.length() > LARGEST) {
            return new Verification.Refused("it is longer than %d characters".formatted(LARGEST));
        }
        try {
            SignedByDoor signed = SignedByDoor.verify(jws);
            return new Verification.Valid(read(signed.payload()), signed.fingerprint());
        } catch (UnbelievableException e) {
            return new Verification.Refused(e.getMessage());
        }
    }

    private static RecipientsDocument read(byte[] payload) throws UnbelievableException {
        ObjectNode members =
                StrictJson.parseObject(payload)
                        .orElseThrow(
                                () -> new UnbelievableException("its payload is no JSON object"));
        String url = text(members.path("url"), "url");
        if (!URL.matcher(url).matches()) {
            throw new UnbelievableException("its url is none");
        }
        return new RecipientsDocument(
                url,
                number(members, "version", 1, Long.MAX_VALUE),
                Instant.ofEpochSecond(number(members, "since", 0, LATEST_SECOND)),
                Instant.ofEpochSecond(number(members, "until", 0, LATEST_SECOND)),
                recipients(texts(members, "recipients")),
                texts(members, "opens"));
    }

    private static long number(ObjectNode members, String name, long least, long most)
            throws UnbelievableException {
        JsonNode value = members.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw new UnbelievableException("its %s is not what it must be".formatted(name));
        }
        return value.longValue();
    }

    private static List<String> texts(ObjectNode members, String name)
            throws UnbelievableException {
        if (!(members.path(name) instanceof ArrayNode values)) {
            throw new UnbelievableException("its %s is no list".formatted(name));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values) {
            texts.add(text(value, name));
        }
        return texts;
    }

    private static String text(JsonNode value, String name) throws UnbelievableException {
        if (!value.isTextual()) {
            throw new UnbelievableException("its %s is no text".formatted(name));
        }
        return value.textValue();
    }

    private static List<KeyRecipient> recipients(List<String> texts) throws UnbelievableException {
        try {
            List<KeyRecipient> recipients = new ArrayList<>();
            for (String text : texts) {
                recipients.add(KeyRecipient.parse(text));
            }
            // none, too many, a mixed lot: whatever cannot be sealed to
            AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
            return recipients;
        } catch (AgeException e) {
            throw new UnbelievableException("its recipients cannot be sealed to");
        }
    }
}
