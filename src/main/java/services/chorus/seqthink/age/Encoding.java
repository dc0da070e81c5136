package services.chorus.seqthink.age;

/** The form of a sealed file: bytes, or 7-bit text (age spec, "ASCII armor"). */
public enum Encoding {
    BINARY,
    ARMORED
}
