/** The certificate that this service presents itself by, as it is on disk at the moment. */
package services.chorus.seqthink.tls;
