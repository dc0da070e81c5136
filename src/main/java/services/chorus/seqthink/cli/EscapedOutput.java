package services.chorus.seqthink.cli;

import java.io.PrintStream;

/**
 * Prints text so that a terminal shows it and interprets none of it: characters that control a
 * terminal, reorder text or are invisible are printed as JSON escapes, which also keeps JSON valid.
 * Lines of one text stay lines. Bytes that are written instead of printed are not changed.
 */
final class EscapedOutput extends PrintStream {

    EscapedOutput(PrintStream out) {
        super(out, true, out.charset());
    }

    @Override
    public void print(String text) {
        super.print(escaped(String.valueOf(text)));
    }

    @Override
    public void print(char[] text) {
        print(new String(text));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    /** A text with escapes, also for line ends: what a message quotes must not begin a line. */
    static String inOneLine(String text) {
        return escaped(text).replace("\n", "\\n");
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
