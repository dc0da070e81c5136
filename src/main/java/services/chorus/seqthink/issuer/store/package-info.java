/** The files of the issuer: one JSON document in each, replaced whole or not at all. */
package services.chorus.seqthink.issuer.store;
