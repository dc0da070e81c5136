/** Who may ask the issuer for tokens, and how it proves who it is. */
package services.chorus.seqthink.issuer.clients;
