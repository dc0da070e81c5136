/**
 * The caller's side of the sealed protocol, as a library: {@link
 * services.chorus.seqthink.client.GatewayClient} calls tools, sends any other message and follows
 * streams; {@link services.chorus.seqthink.client.TokenClient} gets the access token for it. Needs
 * neither Quarkus nor a command line.
 *
 * <p>What fails for a reason that a person can do something about is a {@link
 * services.chorus.seqthink.client.CallFailed}.
 */
package services.chorus.seqthink.client;
