package services.chorus.seqthink.age;

/** How a sealed file is written. */
public enum Encoding {
    /** As bytes. */
    BINARY,
    /** As 7-bit text, the age spec's "ASCII armor". */
    ARMORED
}
