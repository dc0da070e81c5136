/**
 * The age file format (<a href="https://c2sp.org/age">c2sp.org/age</a>): plain Java, no CDI, no
 * HTTP, no I/O beyond streams.
 *
 * <p>{@code AgeFile} seals and opens in memory, {@code AgeStream} at any size, {@code Armor} is the
 * text form. Keys are {@code KeyIdentity} and {@code KeyRecipient}, X25519 or post-quantum, and
 * {@code KeyFile} reads files of them. Stanzas of type scrypt are validated but never opened: the
 * gateway has no passphrases.
 */
package services.chorus.seqthink.age;
