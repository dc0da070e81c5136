package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * The recipients to which requests to a gateway are sealed. Its signed form is a compact JWS (RFC
 * 7515) that contains the public half of the gateway's door key.
 *
 * @param url the gateway's public URL, without a slash at its end
 * @param version increases with every change of the recipients; 1 or more
 * @param since when it was signed, in whole seconds
 * @param until when it expires, in whole seconds
 * @param recipients to seal to, all of one kind; at least one
 * @param opens the fingerprints of all recipients whose identities the gateway has
 */
public record RecipientsDocument(
        String url,
        long version,
        Instant since,
        Instant until,
        List<KeyRecipient> recipients,
        List<String> opens) {

    /** Relative to the public URL. */
    public static final String PATH = "/.well-known/age-recipients";

    /** Of the signed form (RFC 7515 section 9.2.1). */
    public static final String MEDIA_TYPE = "application/jose";

    /** Maximum length of the signed form in characters. */
    public static final int LARGEST = 64 * 1024;

    private static final String TYPE = "age-recipients";
    private static final String ALGORITHM = "EdDSA";

    // exactly these, which excludes crit, jku and x5u
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid", "jwk");

    // printed by commands, so without control characters
    private static final Pattern URL = Pattern.compile("https?://[!-~]{1,2000}");

    // well within the range of Instant
    private static final long LATEST_SECOND = 1L << 40;

    public RecipientsDocument {
        recipients = List.copyOf(recipients);
        opens = List.copyOf(opens);
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more: " + version);
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("A document needs a recipient");
        }
    }

    /** Whether a signed form is valid, without regard to trust in its key or to its expiry. */
    public sealed interface Verification {

        /**
         * Well-formed and signed by the key it contains.
         *
         * @param fingerprint of that key
         */
        record Valid(RecipientsDocument document, String fingerprint) implements Verification {}

        /**
         * Malformed, or its signature is wrong.
         *
         * @param why a clause about "it"
         */
        record Refused(String why) implements Verification {}
    }

    private static final class InvalidException extends Exception {

        InvalidException(String why) {
            super(why);
        }
    }

    /** Signs the document and returns a compact JWS. */
    public String sign(Ed25519Key key) {
        ObjectNode header =
                StrictJson.object()
                        .put("alg", ALGORITHM)
                        .put("typ", TYPE)
                        .put("kid", key.fingerprint());
        header.set("jwk", key.publicKey().json());
        ObjectNode payload =
                StrictJson.object()
                        .put("url", url)
                        .put("version", version)
                        .put("since", since.getEpochSecond())
                        .put("until", until.getEpochSecond());
        recipients.forEach(recipient -> payload.withArray("recipients").add(recipient.toString()));
        opens.forEach(payload.putArray("opens")::add);
        return CompactJws.sign(header, payload, key::sign);
    }

    /** Verifies a signed form with the key it contains; the caller decides about trust in that. */
    public static Verification verify(String jws) {
        if (jws.length() > LARGEST) {
            return new Verification.Refused("it is longer than %d characters".formatted(LARGEST));
        }
        try {
            CompactJws parsed =
                    CompactJws.parse(jws)
                            .orElseThrow(
                                    () ->
                                            new InvalidException(
                                                    "it is not a compact JWS of JSON in canonical"
                                                            + " base64url"));
            Ed25519PublicKey key = key(parsed.header());
            if (!key.verifies(parsed.signedBytes(), parsed.signature())) {
                throw new InvalidException("its signature is wrong");
            }
            return new Verification.Valid(read(parsed.payload()), key.fingerprint());
        } catch (InvalidException e) {
            return new Verification.Refused(e.getMessage());
        }
    }

    private static Ed25519PublicKey key(ObjectNode header) throws InvalidException {
        require(
                StrictJson.hasExactly(header, HEADER),
                "its header must have exactly alg, typ, kid and jwk");
        require(ALGORITHM.equals(header.get("alg").textValue()), "its alg is not " + ALGORITHM);
        require(TYPE.equals(header.get("typ").textValue()), "its typ is not " + TYPE);
        Ed25519PublicKey key =
                Ed25519PublicKey.of(header.get("jwk"))
                        .orElseThrow(
                                () -> new InvalidException("its jwk is not a public Ed25519 key"));
        require(
                key.fingerprint().equals(header.get("kid").textValue()),
                "its kid is not the thumbprint of its jwk");
        return key;
    }

    private static RecipientsDocument read(ObjectNode members) throws InvalidException {
        String url = text(members.path("url"), "url");
        require(URL.matcher(url).matches(), "its url is not an http or https URL");
        return new RecipientsDocument(
                url,
                number(members, "version", 1, Long.MAX_VALUE),
                Instant.ofEpochSecond(number(members, "since", 0, LATEST_SECOND)),
                Instant.ofEpochSecond(number(members, "until", 0, LATEST_SECOND)),
                recipients(texts(members, "recipients")),
                texts(members, "opens"));
    }

    private static long number(ObjectNode members, String name, long least, long most)
            throws InvalidException {
        JsonNode value = members.path(name);
        require(
                value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= least
                        && value.longValue() <= most,
                "its %s is not a valid number".formatted(name));
        return value.longValue();
    }

    private static List<String> texts(ObjectNode members, String name) throws InvalidException {
        require(members.path(name).isArray(), "its %s is not an array".formatted(name));
        List<String> texts = new ArrayList<>();
        for (JsonNode value : members.get(name)) {
            texts.add(text(value, name));
        }
        return texts;
    }

    private static String text(JsonNode value, String name) throws InvalidException {
        require(value.isTextual(), "its %s is not a string".formatted(name));
        return value.textValue();
    }

    private static List<KeyRecipient> recipients(List<String> texts) throws InvalidException {
        try {
            List<KeyRecipient> recipients = new ArrayList<>();
            for (String text : texts) {
                recipients.add(KeyRecipient.parse(text));
            }
            // rejects no recipients, too many, and several kinds
            AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
            return recipients;
        } catch (AgeException e) {
            throw new InvalidException("its recipients cannot be sealed to");
        }
    }

    private static void require(boolean condition, String otherwise) throws InvalidException {
        if (!condition) {
            throw new InvalidException(otherwise);
        }
    }
}
