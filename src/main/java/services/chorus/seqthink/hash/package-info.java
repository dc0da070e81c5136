/** SHA-256 in the forms that several rooms need. Open to every room; knows none of them. */
package services.chorus.seqthink.hash;
