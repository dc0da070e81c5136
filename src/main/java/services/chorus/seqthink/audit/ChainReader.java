package services.chorus.seqthink.audit;

import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * Follows a chain and names each place where it breaks. A hash that does not fit says only that one
 * of two lines was changed; the next line, which vouches for one of them, says which. For one
 * thread.
 */
final class ChainReader {

    private final Verification wanted;
    private final Place beginning;
    private final Consumer<Finding> told;

    private Seen last;
    private Seen highest;
    private Optional<Debris> debris = Optional.empty();
    private boolean endsLine = true;
    private long records;
    private long findings;
    private long proven;
    private boolean headReached;

    /** How a record stands to what is before it. */
    private enum Standing {
        /** It fits, or why it does not has been said. */
        SETTLED,
        /** Either it or the one before was changed. */
        DOUBTED,
        /** It was changed, and that has been said. */
        CHANGED
    }

    /**
     * A record that was read.
     *
     * @param head its number as it should be, and its hash as it is
     * @param place empty before the first
     * @param before where the one before stands
     */
    private record Seen(
            Head head, Optional<Place> place, Standing standing, Optional<Place> before) {

        Seen as(Standing other) {
            return new Seen(head, place, other, before);
        }
    }

    /**
     * @param beginning before the first line
     */
    ChainReader(Verification wanted, Place beginning, Consumer<Finding> told) {
        this.wanted = wanted;
        this.beginning = beginning;
        this.told = told;
        this.last = new Seen(wanted.after(), Optional.empty(), Standing.SETTLED, Optional.empty());
        this.highest = last;
        this.proven = wanted.after().sequence();
        this.headReached = wanted.head().filter(wanted.after()::equals).isPresent();
    }

    /** Takes what is no record. */
    void take(Pieces.Piece piece, Place place) {
        if (debris.isEmpty()) {
            debris = Optional.of(new Debris(place));
        }
        debris.get().add(piece);
        endsLine = piece.endsLine();
    }

    void take(RecordLine line, Place place) {
        records++;
        boolean unread = settleDebris(line, place);
        last = follow(line, place, unread);
        if (line.is("checkpoint")) {
            checkSignature(line, place);
        }
        if (wanted.head().filter(head -> head.sequence() == number(last)).isPresent()) {
            checkHead(wanted.head().get(), place);
        }
        if (number(last) > number(highest)) {
            highest = last;
        }
    }

    Verification.Report end() {
        boolean tornEnd = debris.isPresent() && !endsLine;
        if (debris.isPresent() && endsLine) {
            tellDebris();
            debris = Optional.empty();
        }
        if (last.standing() == Standing.DOUBTED) {
            tellEither();
        }
        wanted.head().filter(head -> head.sequence() > number(highest)).ifPresent(this::tellCutOff);
        return new Verification.Report(
                records, number(highest), findings, proven, headReached && findings == 0, tornEnd);
    }

    /** Whether there are lines before this one that might have been records. */
    private boolean settleDebris(RecordLine line, Place place) {
        Optional<Torn> found = debris.map(Debris::asTorn);
        boolean claimed = line.is("start") && found.equals(Torn.of(line.record()));
        if (claimed || found.isEmpty() && Torn.of(line.record()).isEmpty()) {
            debris = Optional.empty();
            return false;
        }
        if (found.isEmpty()) {
            tell(place, line.sequence(), "the torn line that this start names is not before it");
            return false;
        }
        tellDebris();
        debris = Optional.empty();
        return true;
    }

    private Seen follow(RecordLine line, Place place, boolean unread) {
        if (fits(line, last)) {
            if (last.standing() == Standing.DOUBTED) {
                tellBefore(last);
            }
            return seen(line.head(), place, Standing.SETTLED);
        }
        if (!unread && line.sequence() == number(last) + 1) {
            return broken(line, place);
        }
        if (last.standing() == Standing.DOUBTED) {
            tellEither();
        }
        if (fits(line, highest) || unread && line.sequence() > number(last)) {
            return seen(line.head(), place, Standing.SETTLED);
        }
        if (line.previous().equals(last.head().hash())) {
            long due = number(last) + 1;
            tell(place, due, "changed: its seq reads %d".formatted(line.sequence()));
            return seen(new Head(due, line.head().hash()), place, Standing.CHANGED);
        }
        if (line.sequence() > number(last)) {
            tellMissing(place, line.sequence());
        } else {
            tell(place, line.sequence(), "out of order, behind seq %d".formatted(number(last)));
        }
        return seen(line.head(), place, Standing.SETTLED);
    }

    /** A record with the right number whose {@code prev} is not the hash of the one before. */
    private Seen broken(RecordLine line, Place place) {
        return switch (last.standing()) {
            case CHANGED -> seen(line.head(), place, Standing.SETTLED);
            case DOUBTED -> {
                tell(last.place().orElseThrow(), number(last), "changed");
                yield seen(line.head(), place, Standing.SETTLED);
            }
            case SETTLED -> {
                if (last.place().isPresent()) {
                    yield seen(line.head(), place, Standing.DOUBTED);
                }
                tell(place, line.sequence(), "does not follow on " + last.head());
                yield seen(line.head(), place, Standing.CHANGED);
            }
        };
    }

    private void checkSignature(RecordLine line, Place place) {
        String signer = line.record().path("key").asText();
        Optional<Ed25519PublicKey> key =
                wanted.keys().stream().filter(k -> k.fingerprint().equals(signer)).findFirst();
        if (key.isEmpty()) {
            return; // it proves nothing, and is not known to be wrong
        }
        vouch(
                CheckpointSignature.isBy(key.get(), line.record()),
                place,
                "changed: its signature is wrong");
    }

    private void checkHead(Head head, Place place) {
        headReached = head.equals(last.head());
        vouch(headReached, place, "changed: it is not the record that the head names");
    }

    /** Takes the word of something outside the chain on the last record. */
    private void vouch(boolean right, Place place, String otherwise) {
        if (right) {
            if (last.standing() == Standing.DOUBTED) {
                tellBefore(last);
                last = last.as(Standing.SETTLED);
            }
            if (findings == 0) {
                proven = number(last);
            }
        } else if (last.standing() != Standing.CHANGED) {
            tell(place, number(last), otherwise);
            last = last.as(Standing.CHANGED);
        }
    }

    private void tellBefore(Seen doubted) {
        tell(doubted.before().orElseThrow(), number(doubted) - 1, "changed");
    }

    private void tellEither() {
        tell(
                last.before().orElseThrow(),
                number(last) - 1,
                "changed, or the prev of seq %d was".formatted(number(last)));
    }

    private void tellDebris() {
        tell(debris.orElseThrow().place(), number(last) + 1, "changed or put in: no record");
    }

    private void tellMissing(Place place, long found) {
        long first = number(last) + 1;
        String missing =
                first == found - 1 ? "seq " + first : "seq %d to %d".formatted(first, found - 1);
        tell(place, first, missing + " removed or moved: here stands seq " + found);
    }

    private void tellCutOff(Head head) {
        long first = number(highest) + 1;
        String missing = "seq %d to %d are missing".formatted(first, head.sequence());
        if (debris.isPresent()) {
            tell(debris.get().place(), first, "cut off in this line: " + missing);
        } else {
            Place end = highest.place().orElse(beginning);
            tell(end, first, "cut off behind this line: " + missing);
        }
    }

    private void tell(Place place, long sequence, String what) {
        findings++;
        told.accept(Finding.at(place, sequence, what));
    }

    private Seen seen(Head head, Place place, Standing standing) {
        return new Seen(head, Optional.of(place), standing, last.place());
    }

    private static boolean fits(RecordLine line, Seen before) {
        return line.sequence() == number(before) + 1
                && line.previous().equals(before.head().hash());
    }

    private static long number(Seen seen) {
        return seen.head().sequence();
    }
}
