package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import services.chorus.seqthink.json.StrictJson;

/**
 * What a token endpoint answered. Nothing of its text is shown: a terminal might obey it.
 *
 * @param status as HTTP has it
 * @param entity a token or an error (RFC 6749 sections 5.1 and 5.2); empty when it is no JSON
 */
public record TokenAnswer(int status, Optional<ObjectNode> entity) {

    static TokenAnswer of(HttpResponse<byte[]> answer) {
        return new TokenAnswer(answer.statusCode(), StrictJson.parseObject(answer.body()));
    }

    @Override
    public String toString() {
        return "TokenAnswer[" + status + "]";
    }

    /** Whether the issuer takes only proofs with a nonce of its own (RFC 9449 section 8). */
    boolean asksForNonce() {
        return text("error").equals("use_dpop_nonce");
    }

    /**
     * The access token.
     *
     * @param kind what the client proved itself with, in words
     * @param bound whether the token must be bound to a key
     * @throws CallFailed when there is none; the message says what to do
     */
    public String token(String kind, boolean bound) throws CallFailed {
        if (status != 200) {
            throw new CallFailed(refusal(kind, bound));
        }
        if (!(bound ? "DPoP" : "Bearer").equalsIgnoreCase(text("token_type"))) {
            throw new CallFailed(
                    bound
                            ? "the issuer binds no tokens to keys (RFC 9449): leave out --dpop-key"
                            : "the issuer gave a token of another type than Bearer");
        }
        return Credentials.accessToken(text("access_token"))
                .orElseThrow(() -> new CallFailed("the issuer's answer holds no access token"));
    }

    /** The scopes that were asked for and not granted. */
    public SortedSet<String> withheld(String asked) {
        SortedSet<String> withheld = scopes(asked);
        // RFC 6749 section 5.1: left out where all was granted
        withheld.removeAll(scopes(text("scope").isEmpty() ? asked : text("scope")));
        return withheld;
    }

    private String refusal(String kind, boolean bound) {
        return switch (text("error")) {
            case "invalid_client" ->
                    ("the issuer does not know this client by this %s: check --client-id and the"
                                    + " file, and whether the client is disabled or has expired")
                            .formatted(kind);
            case "invalid_scope" ->
                    "the client may have none of these scopes: give --scope one that it was added"
                            + " with";
            case "invalid_dpop_proof" ->
                    bound
                            ? "the issuer refuses the proof of --dpop-key: check this machine's"
                                    + " clock"
                            : "this client's tokens must be bound to a key: give --dpop-key";
            case "invalid_request" ->
                    "the issuer cannot take the request: an --age-recipient must not differ from"
                            + " the one that the client was added with";
            case "unauthorized_client", "unsupported_grant_type" ->
                    "the issuer gives this client no tokens by its credentials alone";
            default ->
                    status == 429 || status == 503
                            ? "the issuer is busy, or was asked too often: try again in a minute"
                            : "the token endpoint answers " + status;
        };
    }

    private String text(String member) {
        return entity.orElseGet(StrictJson::object).path(member).asText();
    }

    private static SortedSet<String> scopes(String text) {
        return new TreeSet<>(Arrays.asList(text.strip().split(" +")));
    }
}
