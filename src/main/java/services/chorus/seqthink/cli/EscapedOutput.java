package services.chorus.seqthink.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
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

    /**
     * For a library that prints several lines as one text: line ends stay, the rest is escaped.
     *
     * @param out does not escape bytes
     */
    static PrintWriter linesTo(PrintStream out) {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] text, int from, int count) {
                        String visible = VisibleText.of(new String(text, from, count));
                        out.writeBytes(visible.getBytes(out.charset()));
                    }

                    @Override
                    public void flush() {
                        out.flush();
                    }

                    @Override
                    public void close() {
                        flush();
                    }
                },
                true);
    }
}
