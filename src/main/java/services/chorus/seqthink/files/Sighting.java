package services.chorus.seqthink.files;

/** One or more files as they were found at one moment; their contents are wiped when closed. */
public interface Sighting extends AutoCloseable {

    /** The same for two sightings between which nothing changed. */
    String mark();

    @Override
    void close();
}
