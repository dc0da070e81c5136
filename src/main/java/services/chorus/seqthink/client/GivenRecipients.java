package services.chorus.seqthink.client;

import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/** Recipients that were given by hand: there are no others. */
public record GivenRecipients(List<KeyRecipient> recipients) implements Addressee {

    @Override
    public List<KeyRecipient> instead() throws CallFailed {
        throw new CallFailed(
                "the answer is that the door opens none of the recipients given (status 422): ask"
                        + " whoever runs it for the current ones");
    }
}
