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
 * Follows a chain and reports each place where it breaks. A wrong {@code prev} hash shows only that
 * one of two lines was changed; the line after them shows which. For one thread.
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
    private boolean signed;

    /** What is known about a record that was read. */
    private enum Standing {
        /** It follows the record before, or the fault has been reported. */
        SETTLED,
        /** Either it or the record before was changed. */
        DOUBTED,
        /** It was changed, and the fault has been reported. */
        CHANGED
    }

    /**
     * A record that was read.
     *
     * @param head the number that it should have, and its actual hash
     * @param place empty before the first record
     * @param before the place of the record before
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

    /** Consecutive lines that are not records. */
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
            // a signature by an unknown key neither proves nor disproves anything
            CheckpointSignature.isByOneOf(wanted.keys(), line.record())
                    .ifPresent(
                            right -> {
                                signed |= right;
                                judge(right, place, "changed: its signature is wrong");
                            });
        }
        if (wanted.head().filter(head -> head.sequence() == last.sequence()).isPresent()) {
            headReached = wanted.head().get().equals(last.head());
            judge(headReached, place, "changed: it is not the record of the given head");
        }
        if (last.sequence() > highest.sequence()) {
            highest = last;
        }
    }

    /** Returns the result; call {@code accept} no more afterwards. */
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
                records, highest.sequence(), faultCount, proven, signed, reached, tornEnd);
    }

    /** Whether unreadable lines before this one may have been records. */
    private boolean settleUnreadable(RecordLine line, Position place) {
        Optional<TornLine> found = unreadable.map(lines -> lines.measure().total());
        Optional<TornLine> named = TornLine.of(line.record());
        if (found.isEmpty() && named.isPresent()) {
            report(
                    place,
                    line.sequence(),
                    "this start record refers to an incomplete line before it, but there is none");
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
            report(place, line.sequence(), "out of order, after seq %d".formatted(due - 1));
        }
        return seen(line.head(), place, Standing.SETTLED);
    }

    /** Handles a record with the right number whose {@code prev} is not the hash before it. */
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
                report(place, line.sequence(), "does not follow " + last.head());
                yield seen(line.head(), place, Standing.CHANGED);
            }
        };
    }

    private Seen seen(ChainHead head, Position place, Standing standing) {
        return new Seen(head, Optional.of(place), standing, last.place());
    }

    /** Applies the verdict of a signature or of the given head on the last record. */
    private void judge(boolean right, Position place, String otherwise) {
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
        String what = "changed, or else the prev of seq %d was changed".formatted(last.sequence());
        report(last.before().orElseThrow(), last.sequence() - 1, what);
    }

    private void reportUnreadable() {
        unreadable.ifPresent(
                lines ->
                        report(
                                lines.position(),
                                last.sequence() + 1,
                                "changed or inserted: not a record"));
        unreadable = Optional.empty();
    }

    private void reportMissing(Position place, long found) {
        long first = last.sequence() + 1;
        String missing =
                first == found - 1 ? "seq " + first : "seq %d to %d".formatted(first, found - 1);
        report(place, first, missing + " removed or moved: this line is seq " + found);
    }

    private void reportCutOff(ChainHead head) {
        long first = highest.sequence() + 1;
        Position place = unreadable.map(Unreadable::position).or(highest::place).orElse(beginning);
        String where = unreadable.isPresent() ? "in" : "after";
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
