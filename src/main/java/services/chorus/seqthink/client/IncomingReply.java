package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

/** The client's side of the protocol: what an opened reply is worth. */
public sealed interface IncomingReply {

    /**
     * The door's answer to this very request.
     *
     * @param status as HTTP would say it
     * @param members {@code result} or {@code error}
     */
    record Genuine(int status, ObjectNode members) implements IncomingReply {

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Genuine[" + status + "]";
        }
    }

    /** An answer to something else, or a forgery: nothing in it may be believed. */
    record Foreign(String why) implements IncomingReply {}

    /**
     * Judges an opened reply: its {@code request_id} first, then its {@code request_hash}.
     *
     * @param opened the reply's plaintext
     * @param binding what the request was bound with
     */
    static IncomingReply of(byte[] opened, Binding binding) {
        Optional<ObjectNode> reply = StrictJson.parseObject(opened);
        if (reply.isEmpty()) {
            return new Foreign("The reply is no JSON object");
        }
        ObjectNode members = reply.get();
        Optional<String> mismatch = binding.mismatch(members);
        if (mismatch.isPresent()) {
            return new Foreign("The reply " + mismatch.get());
        }
        if (!members.path("status").isInt()) {
            return new Foreign("The reply has no status");
        }
        int status = members.get("status").intValue();
        members.remove(List.of("request_id", "request_hash", "status"));
        return new Genuine(status, members);
    }
}
