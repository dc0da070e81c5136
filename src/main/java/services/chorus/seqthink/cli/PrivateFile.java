package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner reads, from their first moment on. */
final class PrivateFile {

    private PrivateFile() {}

    /**
     * Makes a new file of mode 0600.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one already
     */
    static OutputStream create(Path path) throws IOException {
        return Channels.newOutputStream(
                Files.newByteChannel(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------"))));
    }
}
