/** SHA-256 and HMAC-SHA-256 in the forms that several packages need. */
package services.chorus.seqthink.hash;
