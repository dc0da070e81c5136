/**
 * The caller's side of the sealed protocol, as a library: {@link
 * services.chorus.seqthink.client.GatewayClient} calls tools, sends any other message and follows
 * streams; {@link services.chorus.seqthink.client.TokenClient} gets the access token for it. Needs
 * neither Quarkus nor a command line.
 *
 * <p>A {@link services.chorus.seqthink.client.CallFailed} reports a failure that a person can do
 * something about.
 */
package services.chorus.seqthink.client;
