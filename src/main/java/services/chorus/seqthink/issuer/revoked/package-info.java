/** The tokens that were revoked before they expired. */
package services.chorus.seqthink.issuer.revoked;
