package services.chorus.seqthink.sealing;

import static java.util.Objects.requireNonNull;

/**
 * A refusal that is told inside the seal.
 *
 * @param status as HTTP would say it
 * @param code a stable word for programs
 * @param message a sentence that says what to do
 */
public record Refusal(int status, String code, String message) {

    public Refusal {
        requireNonNull(code, "code is null");
        requireNonNull(message, "message is null");
    }

    static Refusal badEnvelope(String member, String wanted) {
        return new Refusal(400, "bad-envelope", "The envelope's " + member + " must be " + wanted);
    }

    static Refusal stale(long nowSeconds, long windowSeconds) {
        return new Refusal(
                403,
                "stale-request",
                ("issued_at is not within %d seconds of this service's clock (%d):"
                                + " set the clock, seal the request again")
                        .formatted(windowSeconds, nowSeconds));
    }

    static Refusal otherRecipient() {
        return new Refusal(
                403,
                "reply-to-mismatch",
                "reply_to is not the token's age_recipient: leave reply_to out or make it the same");
    }
}
