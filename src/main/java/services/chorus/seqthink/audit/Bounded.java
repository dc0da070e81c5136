package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Texts that others wrote, in a form that fits into a record whatever they are. */
final class Bounded {

    static final int MOST = 128;

    private Bounded() {}

    /** So many characters at most, marked where more were cut off. */
    static String text(String any) {
        String cut = any.length() <= MOST ? any : any.substring(0, MOST - 1) + '\u2026';
        // half a surrogate pair, cut or given, cannot be written as UTF-8: it becomes a ?
        return new String(cut.getBytes(UTF_8), UTF_8);
    }
}
