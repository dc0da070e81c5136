/** Ed25519 keys (RFC 8032) as JWKs (RFC 8037), for recipients documents, audit logs and DPoP. */
package services.chorus.seqthink.signing;
