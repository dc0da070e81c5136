package services.chorus.seqthink.audit;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.audit.ChainVerification.ChainFault;
import services.chorus.seqthink.audit.LineReader.Piece;
import services.chorus.seqthink.audit.LineReader.Position;
import services.chorus.seqthink.audit.RecordChain.CheckpointSignature;
import services.chorus.seqthink.audit.RecordLine.Kind;
import services.chorus.seqthink.audit.Tail.TornLine;

/**
 * Follows a chain and reports each place where it breaks. A hash that does not fit says only that
 * one of two lines was changed; the next line, which vouches for one of them, says which. For one
 * thread.
 */
final class ChainVerifier {

    private final ChainVerification wanted;
    private final Position beginning;
    private final Consumer<ChainFault> faults;

    private Seen last;
    private Seen highest;
    private Optional<Unreadable> unreadable = Optional.empty();
    private boolean endsLine = true;
    private long records;
    private long faultCount;
    private long proven;
    private boolean headReached;

    /** How a record stands to what is before it. */
    private enum Standing {
        /** It fits, or why it does not has been reported. */
        SETTLED,
        /** Either it or the one before was changed. */
        DOUBTED,
        /** It was changed, and that has been reported. */
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
            ChainHead head,
            Optional<Position> place,
            Standing standing,
            Optional<Position> before) {

        long sequence() {
            return head.sequence();
        }

        Seen as(Standing other) {
            return new Seen(head, place, other, before);
        }

        boolean isFollowedBy(RecordLine line) {
            return line.sequence() == sequence() + 1 && line.previous().equals(head.hash());
        }
    }

    /** Lines in a row that are no records. */
    private record Unreadable(Position position, TornLine.Measure measure) {}

    ChainVerifier(ChainVerification wanted, Path firstFile, Consumer<ChainFault> faults) {
        this.wanted = wanted;
        this.beginning = new Position(firstFile, 0);
        this.faults = faults;
        this.last = new Seen(wanted.after(), Optional.empty(), Standing.SETTLED, Optional.empty());
        this.highest = last;
        this.proven = wanted.after().sequence();
        this.headReached = wanted.head().filter(wanted.after()::equals).isPresent();
    }

    void accept(Piece piece) {
        Optional<RecordLine> line = piece.record();
        if (line.isPresent()) {
            accept(line.get(), piece.position());
            return;
        }
        if (unreadable.isEmpty()) {
            unreadable = Optional.of(new Unreadable(piece.position(), new TornLine.Measure()));
        }
        unreadable.get().measure().add(piece);
        endsLine = piece.endsLine();
    }

    private void accept(RecordLine line, Position place) {
        records++;
        boolean unread = settleUnreadable(line, place);
        last = follow(line, place, unread);
        if (line.kind() == Kind.CHECKPOINT) {
            // by an unknown key it proves nothing, and is not known to be wrong
            CheckpointSignature.isByOneOf(wanted.keys(), line.record())
                    .ifPresent(is -> vouch(is, place, "changed: its signature is wrong"));
        }
        if (wanted.head().filter(head -> head.sequence() == last.sequence()).isPresent()) {
            headReached = wanted.head().get().equals(last.head());
            vouch(headReached, place, "changed: it is not the record that the head names");
        }
        if (last.sequence() > highest.sequence()) {
            highest = last;
        }
    }

    /** What was found; nothing can be accepted after this. */
    ChainVerification.Report end() {
        boolean tornEnd = unreadable.isPresent() && !endsLine;
        if (!tornEnd) {
            reportUnreadable();
        }
        if (last.standing() == Standing.DOUBTED) {
            reportEither();
        }
        wanted.head()
                .filter(head -> head.sequence() > highest.sequence())
                .ifPresent(this::reportCutOff);
        boolean reached = headReached && faultCount == 0;
        return new ChainVerification.Report(
                records, highest.sequence(), faultCount, proven, reached, tornEnd);
    }

    /** Whether there are lines before this one that might have been records. */
    private boolean settleUnreadable(RecordLine line, Position place) {
        Optional<TornLine> found = unreadable.map(lines -> lines.measure().total());
        Optional<TornLine> named = TornLine.of(line.record());
        if (found.isEmpty() && named.isPresent()) {
            report(place, line.sequence(), "the torn line that this start names is not before it");
        }
        if (line.kind() == Kind.START && found.equals(named)) {
            unreadable = Optional.empty();
        }
        boolean unread = unreadable.isPresent();
        reportUnreadable();
        return unread;
    }

    private Seen follow(RecordLine line, Position place, boolean unread) {
        if (last.isFollowedBy(line)) {
            if (last.standing() == Standing.DOUBTED) {
                reportBefore(last);
            }
            return seen(line.head(), place, Standing.SETTLED);
        }
        long due = last.sequence() + 1;
        if (!unread && line.sequence() == due) {
            return broken(line, place);
        }
        if (last.standing() == Standing.DOUBTED) {
            reportEither();
        }
        if (highest.isFollowedBy(line) || unread && line.sequence() >= due) {
            return seen(line.head(), place, Standing.SETTLED);
        }
        if (line.previous().equals(last.head().hash())) {
            report(place, due, "changed: its seq reads %d".formatted(line.sequence()));
            return seen(new ChainHead(due, line.head().hash()), place, Standing.CHANGED);
        }
        if (line.sequence() >= due) {
            reportMissing(place, line.sequence());
        } else {
            report(place, line.sequence(), "out of order, behind seq %d".formatted(due - 1));
        }
        return seen(line.head(), place, Standing.SETTLED);
    }

    /** A record with the right number whose {@code prev} is not the hash of the one before. */
    private Seen broken(RecordLine line, Position place) {
        return switch (last.standing()) {
            case CHANGED -> seen(line.head(), place, Standing.SETTLED);
            case DOUBTED -> {
                report(last.place().orElseThrow(), last.sequence(), "changed");
                yield seen(line.head(), place, Standing.SETTLED);
            }
            case SETTLED -> {
                if (last.place().isPresent()) {
                    yield seen(line.head(), place, Standing.DOUBTED);
                }
                report(place, line.sequence(), "does not follow on " + last.head());
                yield seen(line.head(), place, Standing.CHANGED);
            }
        };
    }

    private Seen seen(ChainHead head, Position place, Standing standing) {
        return new Seen(head, Optional.of(place), standing, last.place());
    }

    /** Takes the word of something outside the chain on the last record. */
    private void vouch(boolean right, Position place, String otherwise) {
        if (right) {
            if (last.standing() == Standing.DOUBTED) {
                reportBefore(last);
                last = last.as(Standing.SETTLED);
            }
            proven = faultCount == 0 ? last.sequence() : proven;
        } else if (last.standing() != Standing.CHANGED) {
            report(place, last.sequence(), otherwise);
            last = last.as(Standing.CHANGED);
        }
    }

    private void reportBefore(Seen doubted) {
        report(doubted.before().orElseThrow(), doubted.sequence() - 1, "changed");
    }

    private void reportEither() {
        String what = "changed, or the prev of seq %d was".formatted(last.sequence());
        report(last.before().orElseThrow(), last.sequence() - 1, what);
    }

    private void reportUnreadable() {
        unreadable.ifPresent(
                lines ->
                        report(
                                lines.position(),
                                last.sequence() + 1,
                                "changed or put in: no record"));
        unreadable = Optional.empty();
    }

    private void reportMissing(Position place, long found) {
        long first = last.sequence() + 1;
        String missing =
                first == found - 1 ? "seq " + first : "seq %d to %d".formatted(first, found - 1);
        report(place, first, missing + " removed or moved: here stands seq " + found);
    }

    private void reportCutOff(ChainHead head) {
        long first = highest.sequence() + 1;
        Position place = unreadable.map(Unreadable::position).or(highest::place).orElse(beginning);
        String where = unreadable.isPresent() ? "in" : "behind";
        report(
                place,
                first,
                "cut off %s this line: seq %d to %d are missing"
                        .formatted(where, first, head.sequence()));
    }

    private void report(Position place, long sequence, String what) {
        faultCount++;
        faults.accept(new ChainFault(place.file(), place.line(), sequence, what));
    }
}
