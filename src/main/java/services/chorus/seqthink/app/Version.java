package services.chorus.seqthink.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the artefact. */
public final class Version implements IVersionProvider {

    private static final String RESOURCE = "/seqthink-version.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"seqthink-wrapper " + current()};
    }

    static String current() throws IOException {
        try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            properties.load(resource);
            return properties.getProperty("version");
        }
    }
}
