package services.chorus.seqthink.config;

import java.util.List;

/**
 * A part of the configuration that has any number of entries, so that no flat name can hold it: an
 * array of tables in the configuration file, indexed properties elsewhere.
 *
 * @param property the property of the entries, such as {@code seqthink.policy.rule}; of a table
 *     within another one, only its key
 * @param columns what each entry may say
 * @param tables tables within each entry
 */
public record Table(String property, List<Column> columns, List<Table> tables) {

    public Table {
        columns = List.copyOf(columns);
        tables = List.copyOf(tables);
    }

    /** A table without others in its entries. */
    public static Table of(String property, Column... columns) {
        return new Table(property, List.of(columns), List.of());
    }

    /** The same table with another one in each entry. */
    public Table with(Table nested) {
        return new Table(property, columns, List.of(nested));
    }

    /**
     * One key of an entry.
     *
     * @param key such as {@code pointer}
     * @param form what its value must look like; of a list, each element
     * @param kind how its value becomes a property
     * @param mandatory whether every entry has it
     */
    public record Column(String key, Form form, Kind kind, boolean mandatory) {

        /** One value, as text. */
        public static Column text(String key, Form form) {
            return new Column(key, form, Kind.TEXT, false);
        }

        /** Values in order, each as text under an index. */
        public static Column list(String key, Form form) {
            return new Column(key, form, Kind.LIST, false);
        }

        /** The same, but never an empty list, which would mean what leaving it out does. */
        public static Column filledList(String key, Form form) {
            return new Column(key, form, Kind.FILLED_LIST, false);
        }

        /** A string, number or boolean, as JSON, since which of them it is matters. */
        public static Column scalar(String key) {
            return new Column(
                    key, Form.text("a string, a number or a boolean"), Kind.SCALAR, false);
        }

        /** Whether its values stand under indexes. */
        public boolean isList() {
            return kind == Kind.LIST || kind == Kind.FILLED_LIST;
        }

        /** The same column, but every entry has it. */
        public Column inEveryEntry() {
            return new Column(key, form, kind, true);
        }
    }

    /** How a value becomes a property. */
    public enum Kind {
        TEXT,
        LIST,
        FILLED_LIST,
        SCALAR
    }
}
