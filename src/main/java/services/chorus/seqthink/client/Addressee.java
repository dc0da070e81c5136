package services.chorus.seqthink.client;

import java.io.IOException;
import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/** Whom a command seals its request to. */
public interface Addressee {

    List<KeyRecipient> recipients();

    /**
     * Whom to seal to instead, once, after an answer that says that the door opens none of these
     * (422).
     *
     * @throws CallFailed when there is nobody else that could be believed
     */
    List<KeyRecipient> instead() throws IOException, InterruptedException, CallFailed;
}
