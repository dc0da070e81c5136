/**
 * Receiving request bodies, outgoing HTTP with bounds, server-sent events, and the certificate
 * authorities that outgoing connections trust.
 */
package services.chorus.seqthink.net;
