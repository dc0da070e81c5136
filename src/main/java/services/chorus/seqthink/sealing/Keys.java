package services.chorus.seqthink.sealing;

import services.chorus.seqthink.age.Identity;

/** Holds the current keys. Safe for use by several threads. */
public sealed interface Keys permits Keyring, LiveKeyring {

    /** The current keys; to be asked once for each request, so that it works with one set. */
    Keyring current();

    /** Notes that an identity has just opened something. */
    void opened(Identity by);
}
