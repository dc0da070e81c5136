/**
 * The gateway's side of the sealed protocol: the keyring, opening requests, sealing replies, replay
 * protection. Contains no HTTP and no token validation.
 */
package services.chorus.seqthink.sealing;
