package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The members that bind a request to its token, route and sender. They are parsed lazily, because
 * the protocol prescribes the order of the checks.
 */
public final class Envelope {

    public static final String REQUEST_ID = "request_id";
    public static final String ISSUED_AT = "issued_at";
    public static final String ATH = "ath";
    public static final String TO = "to";
    public static final String REPLY_TO = "reply_to";
    public static final String SESSION = "session";

    /** The session of a request that names none. */
    public static final String DEFAULT_SESSION = "default";

    /** Maximum length of a session name in Unicode code points. */
    public static final int LONGEST_SESSION = 64;

    private static final List<String> BINDING = List.of(REQUEST_ID, ISSUED_AT, ATH, TO, REPLY_TO);
    private static final List<String> MEMBERS =
            List.of(REQUEST_ID, ISSUED_AT, ATH, TO, REPLY_TO, SESSION);

    /** At least 128 bits as base64url; hexadecimal and UUIDs with their dashes fit too. */
    private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9_-]{22,128}");

    private final ObjectNode members;

    private Envelope(ObjectNode members) {
        this.members = members;
    }

    /** Removes the envelope's members from a request; empty when it has none that binds. */
    public static Optional<Envelope> takenFrom(ObjectNode request) {
        if (BINDING.stream().noneMatch(request::has)) {
            return Optional.empty();
        }
        ObjectNode members = request.objectNode();
        members.setAll(request);
        members.retain(MEMBERS);
        request.remove(MEMBERS);
        return Optional.of(new Envelope(members));
    }

    /**
     * Whether a request is for this token and route, both compared in constant time.
     *
     * @param tokenHash unpadded base64url SHA-256 of the access token; empty when policy is off
     * @param route the full URL of the route
     */
    public boolean isFor(Optional<String> tokenHash, String route) {
        boolean token =
                tokenHash.isEmpty()
                        || text(ATH).filter(ath -> same(ath, tokenHash.get())).isPresent();
        boolean sameRoute = text(TO).filter(to -> same(to, route)).isPresent();
        return token && sameRoute;
    }

    /** The random id of the request; empty when it is missing or malformed. */
    public Optional<String> requestId() {
        return text(REQUEST_ID).filter(id -> REQUEST_ID_FORM.matcher(id).matches());
    }

    /** Seconds since 1970, without the fraction (RFC 7519, NumericDate). */
    public Optional<Long> issuedAt() {
        JsonNode value = members.path(ISSUED_AT);
        boolean usable = value.isNumber() && Math.abs(value.doubleValue()) < 1e15;
        return usable ? Optional.of(value.longValue()) : Optional.empty();
    }

    /** Whether there is a {@code reply_to}, even a malformed one. */
    public boolean namesReplyTo() {
        return members.has(REPLY_TO);
    }

    /** The recipient of the reply; empty when missing or not a string. */
    public Optional<String> replyTo() {
        return text(REPLY_TO);
    }

    /** The session name; empty when invalid. */
    public Optional<String> session() {
        return members.has(SESSION)
                ? text(SESSION).filter(Envelope::isSession)
                : Optional.of(DEFAULT_SESSION);
    }

    public static boolean isSession(String name) {
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= LONGEST_SESSION;
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(members.path(name).textValue());
    }

    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }
}
