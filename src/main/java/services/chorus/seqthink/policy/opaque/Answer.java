package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What was said of a token. */
sealed interface Answer {

    /**
     * It is one of theirs.
     *
     * @param claims as RFC 7662 section 2.2 names them, whoever said so
     */
    record Active(ObjectNode claims) implements Answer {

        /** Without the claims, which name a person. */
        @Override
        public String toString() {
            return "Active[]";
        }
    }

    /** It is not, or not any more. */
    record Inactive() implements Answer {}
}
