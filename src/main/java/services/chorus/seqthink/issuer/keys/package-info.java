/** The keys that sign the issuer's tokens. */
package services.chorus.seqthink.issuer.keys;
