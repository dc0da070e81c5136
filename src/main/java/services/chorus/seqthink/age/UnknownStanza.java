package services.chorus.seqthink.age;

import java.util.List;

/** A stanza of a type that no identity here opens, such as {@code ssh-ed25519} or a grease. */
record UnknownStanza(List<String> arguments, byte[] body) implements Stanza {}
