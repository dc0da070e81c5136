package services.chorus.seqthink.sealing;

import services.chorus.seqthink.age.Identity;

/** Provides the current keys. Thread-safe. */
public sealed interface Keys permits Keyring, LiveKeyring {

    /** The current keys; call this once for each request, so that it uses one set. */
    Keyring current();

    /** Records that an identity has just opened a request. */
    void opened(Identity by);
}
