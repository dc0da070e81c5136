package services.chorus.seqthink.config;

import static java.util.Comparator.comparingInt;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that a mistyped one was meant to be. */
final class NearName {

    private static final int MOST_SLIPS = 3;

    private NearName() {}

    /** The nearest name, if the difference is small enough for a typing error. */
    static Optional<String> of(String typed, Collection<String> names) {
        return names.stream()
                .min(comparingInt((String name) -> slips(typed, name)).thenComparing(name -> name))
                .filter(name -> slips(typed, name) <= Math.min(MOST_SLIPS, name.length() / 2));
    }

    /** The Levenshtein distance. */
    private static int slips(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                boolean same = from.charAt(row - 1) == to.charAt(column - 1);
                int exchanged = above[column - 1] + (same ? 0 : 1);
                int addedOrDropped = Math.min(above[column], current[column - 1]) + 1;
                current[column] = Math.min(exchanged, addedOrDropped);
            }
            above = current;
        }
        return above[to.length()];
    }
}
