/** The gateway's TLS certificate, reloaded when its files change. */
package services.chorus.seqthink.tls;
