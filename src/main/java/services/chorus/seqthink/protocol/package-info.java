/** What both ends of the sealed protocol share; {@code docs/protocol.md} specifies it. */
package services.chorus.seqthink.protocol;
