package services.chorus.seqthink.issuer.clients;

/** What a client is to be known by from now on. */
public sealed interface NewCredential permits ClientSecret, PublicKeys {}
