/** The built-in token authority: signing keys, JWKS, token endpoint. */
package services.chorus.seqthink.issuer;
