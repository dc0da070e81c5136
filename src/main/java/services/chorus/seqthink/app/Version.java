package services.chorus.seqthink.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
public final class Version {

    private static final String RESOURCE = "/seqthink-version.properties";

    private Version() {}

    /**
     * The version, such as {@code 1.2.3}.
     *
     * @throws IOException when the build is damaged
     */
    public static String current() throws IOException {
        try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            properties.load(resource);
            return properties.getProperty("version");
        }
    }
}
