/**
 * The caller's side of the protocol: which gateways are known, tokens, DPoP proofs, sealed calls
 * and streams. Needs neither Quarkus nor a command line.
 */
package services.chorus.seqthink.client;
