/**
 * What the service does with age: the keyring, the envelope that binds a request to its token and
 * its route, and the reply that only the caller opens. Knows neither HTTP nor tokens.
 */
package services.chorus.seqthink.sealing;
