/** The tokens that were taken back before their end. */
package services.chorus.seqthink.issuer.revoked;
