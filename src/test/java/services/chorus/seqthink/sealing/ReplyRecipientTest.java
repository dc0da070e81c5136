package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;
import services.chorus.seqthink.testing.AgeKey;

/**
 * The recipient of a reply is the token's claim, else {@code reply_to}, which must equal the claim.
 */
class ReplyRecipientTest {

    private static final Incoming UNREADABLE = new Incoming.Unanswerable(Cause.UNREADABLE);

    private final Correspondence post = Correspondence.start();
    private final AgeKey claimed = AgeKey.generate();

    @Test
    void isFromTheTokenWhenTheEnvelopeHasNone() {
        Incoming incoming =
                post.open(
                        post.requestWithout("reply_to"),
                        post.expectedWithClaim(claimed.recipient()));

        assertIsFor(claimed, accepted(incoming).from());
    }

    @Test
    void isFromTheTokenWhenTheEnvelopeHasTheSame() {
        Incoming incoming =
                post.open(
                        post.request().put("reply_to", claimed.recipient()),
                        post.expectedWithClaim(claimed.recipient()));

        assertIsFor(claimed, accepted(incoming).from());
    }

    @Test
    void isFromTheEnvelopeWhenTheTokenHasNone() {
        assertIsFor(post.caller(), accepted(post.open(post.request())).from());
    }

    @Test
    void canBePostQuantum() {
        AgeKey own = new AgeKey(HybridIdentity.generate());

        assertIsFor(
                own, accepted(post.open(post.request().put("reply_to", own.recipient()))).from());
    }

    @Test
    void rejectsAnotherThanTheTokensAndRepliesToTheTokens() {
        Incoming incoming = post.open(post.request(), post.expectedWithClaim(claimed.recipient()));

        Incoming.Refused refused =
                assertThat(incoming).asInstanceOf(type(Incoming.Refused.class)).actual();
        assertThat(refused.refusal().status()).isEqualTo(403);
        assertThat(refused.refusal().code()).isEqualTo("reply-to-mismatch");
        assertIsFor(claimed, refused.from());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "[]", "{}", "\"\"", "\"age1oops\""})
    void rejectsAMalformedOneBesideTheTokens(String json) {
        Incoming incoming =
                post.open(
                        post.requestWith("reply_to", json),
                        post.expectedWithClaim(claimed.recipient()));

        assertThat(incoming).isInstanceOf(Incoming.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "age1oops", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"})
    void sendsNoSealedReplyWhenTheTokensIsMalformed(String claim) {
        assertThat(post.open(post.request(), post.expectedWithClaim(claim))).isEqualTo(UNREADABLE);
        assertThat(post.open(post.requestWithout("reply_to"), post.expectedWithClaim(claim)))
                .isEqualTo(UNREADABLE);
        assertThat(post.open(post.request().put("reply_to", claim), post.expectedWithClaim(claim)))
                .isEqualTo(UNREADABLE);
    }

    @Test
    void sendsNoSealedReplyWhenTheEnvelopesIsMalformed() {
        String good = post.caller().recipient();
        for (String other :
                new String[] {
                    good.toUpperCase(),
                    good + " ",
                    "\n" + good,
                    good + "," + good,
                    good.substring(0, good.length() - 1),
                    post.caller().secret()
                }) {
            assertThat(post.open(post.request().put("reply_to", other))).isEqualTo(UNREADABLE);
        }
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.age.UnsoundRecipients#some")
    void sendsNoSealedReplyToAnUnsoundRecipient(String unsound) {
        assertThat(post.open(post.request().put("reply_to", unsound))).isEqualTo(UNREADABLE);
        assertThat(post.open(post.requestWithout("reply_to"), post.expectedWithClaim(unsound)))
                .isEqualTo(UNREADABLE);
    }

    private static void assertIsFor(AgeKey key, ReplyTarget from) {
        assertThat(from.recipients()).containsExactly(key.identity().recipient());
        assertThat(from.name()).isEqualTo(key.recipient());
    }

    private static Incoming.Accepted accepted(Incoming incoming) {
        return assertThat(incoming).asInstanceOf(type(Incoming.Accepted.class)).actual();
    }
}
