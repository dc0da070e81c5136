package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.protocol.Binding;

/** A binding between {@code seal} and {@code open}: the request's id and hash, a line each. */
final class BindingFile {

    private BindingFile() {}

    static void write(Path file, Binding binding) throws IOException {
        Files.deleteIfExists(file);
        try (OutputStream out = PrivateFile.create(file)) {
            String lines = binding.requestId() + "\n" + binding.requestHash() + "\n";
            out.write(lines.getBytes(StandardCharsets.US_ASCII));
        }
    }

    static Binding read(Path file) throws IOException, CommandFailed {
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.size() != 2) {
            throw new CommandFailed(file + " is not what seal --binding writes");
        }
        return new Binding(lines.get(0), lines.get(1));
    }
}
