/** What brings an issuer back whose files were lost. */
package services.chorus.seqthink.issuer.recovery;
