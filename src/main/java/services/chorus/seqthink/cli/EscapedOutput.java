package services.chorus.seqthink.cli;

import java.io.PrintStream;
import services.chorus.seqthink.json.VisibleText;

/**
 * Prints each text as {@link VisibleText} in one line, so that nothing in it begins a line of its
 * own: print several lines one by one. Bytes that are written instead of printed are not changed.
 */
final class EscapedOutput extends PrintStream {

    EscapedOutput(PrintStream out) {
        super(out, true, out.charset());
    }

    @Override
    public void print(String text) {
        String given = String.valueOf(text);
        // a formatter prints its %n as a text of its own
        super.print(given.equals(System.lineSeparator()) ? given : VisibleText.inOneLine(given));
    }

    @Override
    public void print(char text) {
        print(String.valueOf(text));
    }

    @Override
    public void print(char[] text) {
        print(new String(text));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }
}
