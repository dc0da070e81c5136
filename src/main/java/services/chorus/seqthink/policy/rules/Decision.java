package services.chorus.seqthink.policy.rules;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the rules say to a request. */
public sealed interface Decision {

    /** Nothing is against it. */
    record Allowed() implements Decision {}

    /**
     * The caller has not every scope it needs.
     *
     * @param needed all of them, those it has included, in the order of the rules
     */
    record LacksScopes(Set<String> needed) implements Decision {

        public LacksScopes {
            needed = Collections.unmodifiableSet(new LinkedHashSet<>(needed));
        }
    }

    /** There are rules, and none of them speaks of such a request. */
    record NotAllowed() implements Decision {}
}
