package services.chorus.seqthink.policy.rules;

import java.math.BigDecimal;
import java.util.Optional;

/** Numbers as they are written, none of their digits lost. */
final class Numbers {

    private Numbers() {}

    static boolean isOne(String text) {
        return parse(text).isPresent();
    }

    static Optional<BigDecimal> parse(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
