/** Proofs that who sends a token holds the key that it is bound to (DPoP, RFC 9449). */
package services.chorus.seqthink.policy.dpop;
