package services.chorus.seqthink.age;

/** A fault that only coverage-guided fuzzing finds, because noise never begins like this. */
public final class PlantedFault {

    static final String SAID = "the planted fault";

    private PlantedFault() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 3
                && input[0] == 'a'
                && input[1] == 'g'
                && input[2] == 'e'
                && input[3] == '1') {
            throw new ArrayIndexOutOfBoundsException(SAID);
        }
    }
}
