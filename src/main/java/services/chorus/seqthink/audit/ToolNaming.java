package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.Optional;
import services.chorus.seqthink.hash.Hmac;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.signing.Ed25519Key;

/** How a record names a tool. For one thread at a time. */
@FunctionalInterface
interface ToolNaming {

    void name(String tool, ObjectNode record);

    /** By its name, for those who may read the file. */
    static ToolNaming plain() {
        return (tool, record) -> record.put("tool", Bounded.text(tool));
    }

    /**
     * By an HMAC, so that a log pipeline can count the calls of one tool and does not learn which
     * it is. Under a key that comes from the audit key, so that its holder can tell; else under one
     * of this process's own.
     */
    static ToolNaming hidden(Optional<Ed25519Key> key) {
        byte[] secret =
                key.map(given -> given.deriveKey("seqthink audit tool name"))
                        .orElseGet(ToolNaming::random);
        Hmac hmac = new Hmac();
        return (tool, record) ->
                record.put(
                        "tool_hmac", StrictBase64.encode(hmac.mac(secret, tool.getBytes(UTF_8))));
    }

    private static byte[] random() {
        byte[] secret = new byte[Hmac.SIZE];
        new SecureRandom().nextBytes(secret);
        return secret;
    }
}
