/** Strict readers for JSON, base64url and compact JWS. */
package services.chorus.seqthink.json;
