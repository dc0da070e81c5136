package services.chorus.seqthink.sealing;

import services.chorus.seqthink.age.Identity;

/** Where the keys of a moment come from. Safe for use by several threads. */
public sealed interface Keys permits Keyring, LiveKeyring {

    /** The keys of now; whoever works with them asks once for each piece of work. */
    Keyring current();

    /** Notes that an identity has just opened something. */
    void opened(Identity by);
}
