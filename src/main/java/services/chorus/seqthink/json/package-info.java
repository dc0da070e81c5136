/** JSON, base64url and compact JWS that can be read in one way only. */
package services.chorus.seqthink.json;
