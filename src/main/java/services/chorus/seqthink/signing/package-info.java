/** Ed25519 keys (RFC 8032) as JWKs (RFC 8037): what signs recipients, and what signs audit logs. */
package services.chorus.seqthink.signing;
