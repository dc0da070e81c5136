package services.chorus.seqthink.cli;

import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/** Recipients that were given by hand: there are no others. */
record GivenRecipients(List<KeyRecipient> recipients) implements Addressee {

    @Override
    public List<KeyRecipient> instead() throws CommandFailed {
        throw new CommandFailed(
                "the answer is that the door opens none of the recipients given (status 422): ask"
                        + " whoever runs it for the current ones");
    }
}
