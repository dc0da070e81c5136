package services.chorus.seqthink.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.age.KeyIdentity;

/** What a door answered, opened; not yet what may be believed. */
public final class SealedAnswer {

    private SealedAnswer() {}

    /**
     * Opens a whole answer.
     *
     * @throws CallFailed when it is not sealed, or not to these keys
     */
    public static byte[] open(HttpResponse<?> head, byte[] body, List<KeyIdentity> keys)
            throws IOException, CallFailed {
        String type = head.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("application/age")) {
            // not sealed, so not proven to come from the door: only what helps to find the mistake
            throw new CallFailed(
                    "the answer is not sealed (status %d%s)"
                            .formatted(
                                    head.statusCode(),
                                    head.headers()
                                            .firstValue("WWW-Authenticate")
                                            .filter(SealedAnswer::isPrintable)
                                            .map(challenge -> ", " + challenge)
                                            .orElse("")));
        }
        return open(body, keys, "the reply");
    }

    /**
     * Opens a part of an answer.
     *
     * @param what it is called in a message
     */
    public static byte[] open(byte[] sealed, List<KeyIdentity> keys, String what)
            throws IOException, CallFailed {
        ByteArrayOutputStream opened = new ByteArrayOutputStream();
        try {
            AgeStream.open(new ByteArrayInputStream(sealed), opened, keys);
        } catch (AgeException e) {
            throw new CallFailed(what + " does not open: " + e.getMessage());
        }
        return opened.toByteArray();
    }

    /** Whether a terminal shows it, and obeys nothing in it. */
    private static boolean isPrintable(String text) {
        return text.chars().allMatch(character -> character >= ' ' && character <= '~');
    }
}
