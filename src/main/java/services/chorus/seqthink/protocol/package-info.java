/** Code for both ends of the sealed protocol, which {@code docs/protocol.md} specifies. */
package services.chorus.seqthink.protocol;
