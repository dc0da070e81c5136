package services.chorus.seqthink.policy.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import services.chorus.seqthink.config.Form;

/** A place in a document (RFC 6901), below its root. */
record Pointer(JsonPointer path) {

    private static final Pattern SYNTAX = Pattern.compile("(?:/(?:[^/~]|~[01])*+)++");

    static final Form FORM =
            Form.where(
                    "a JSON pointer, such as /options/path",
                    text -> SYNTAX.matcher(text).matches());

    static Pointer parse(String text) {
        return new Pointer(JsonPointer.compile(text));
    }

    /** What stands there; a missing node where nothing does. */
    JsonNode in(JsonNode document) {
        return document.at(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
