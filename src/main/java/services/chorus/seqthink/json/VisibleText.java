package services.chorus.seqthink.json;

/**
 * Text from outside in a form that a terminal shows and does not interpret: characters that control
 * a terminal, reorder text or are invisible become JSON escapes, which also keeps JSON valid.
 */
public final class VisibleText {

    private VisibleText() {}

    /** A text with escapes; its lines and tabs stay. */
    public static String of(String text) {
        return text.codePoints().allMatch(VisibleText::isShown) ? text : escaped(text);
    }

    /** A text with escapes, also for line ends: what a message quotes must not begin a line. */
    public static String inOneLine(String text) {
        return of(text).replace("\n", "\\n");
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        code -> {
                            if (isShown(code)) {
                                escaped.appendCodePoint(code);
                            } else {
                                Character.toString(code)
                                        .chars()
                                        .forEach(unit -> escaped.append("\\u%04x".formatted(unit)));
                            }
                        });
        return escaped.toString();
    }

    private static boolean isShown(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL -> code == '\n' || code == '\t';
            // joiners are a part of words in several scripts
            case Character.FORMAT -> code == 0x200C || code == 0x200D;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                    false;
            default -> true;
        };
    }
}
