package services.chorus.seqthink.config;

import java.util.List;

/**
 * A part of the configuration with any number of entries: an array of tables in the configuration
 * file, indexed properties elsewhere.
 *
 * @param property the property of the entries, such as {@code seqthink.policy.rule}; for a nested
 *     table only its key
 * @param columns the keys of an entry
 * @param tables the tables nested in an entry
 */
public record Table(String property, List<Column> columns, List<Table> tables) {

    public Table {
        columns = List.copyOf(columns);
        tables = List.copyOf(tables);
    }

    /** A table without nested tables. */
    public static Table of(String property, Column... columns) {
        return new Table(property, List.of(columns), List.of());
    }

    /** The same table with a nested one. */
    public Table with(Table nested) {
        return new Table(property, columns, List.of(nested));
    }

    /**
     * One key of an entry.
     *
     * @param key such as {@code pointer}
     * @param form the syntax of its value; for a list, of each element
     * @param mandatory whether every entry must have it
     */
    public record Column(String key, Form form, Kind kind, boolean mandatory) {

        public static Column text(String key, Form form) {
            return new Column(key, form, Kind.TEXT, false);
        }

        public static Column list(String key, Form form) {
            return new Column(key, form, Kind.LIST, false);
        }

        /** A list that must not be empty, since an empty one would mean the same as none. */
        public static Column filledList(String key, Form form) {
            return new Column(key, form, Kind.FILLED_LIST, false);
        }

        /** A string, number or boolean. */
        public static Column scalar(String key) {
            return new Column(
                    key, Form.text("a string, a number or a boolean"), Kind.SCALAR, false);
        }

        public boolean isList() {
            return kind == Kind.LIST || kind == Kind.FILLED_LIST;
        }

        /** The same column, but mandatory. */
        public Column inEveryEntry() {
            return new Column(key, form, kind, true);
        }
    }

    /** How a value becomes a property. */
    public enum Kind {
        TEXT,
        /** Each element becomes a text under its index. */
        LIST,
        FILLED_LIST,
        /** Becomes JSON, which keeps its type. */
        SCALAR
    }
}
