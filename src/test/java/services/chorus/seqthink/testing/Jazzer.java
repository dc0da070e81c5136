package services.chorus.seqthink.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The coverage-guided fuzzer, in a process of its own, since it instruments all classes and ends at
 * a finding. All its files are in one folder below {@code target/fuzz}.
 *
 * @param target a class with a {@code public static void fuzzerTestOneInput(byte[])}
 * @param hooks classes whose method hooks see the calls that our code makes
 */
public record Jazzer(Class<?> target, List<Class<?>> hooks) {

    /** The folder of the first inputs, in {@link #folder}. */
    public static final String SEEDS = "seeds";

    /** A single input that takes longer is a finding. */
    private static final int SLOWEST_INPUT_SECONDS = 60;

    /** The property that tells the target its {@link #folder}. */
    private static final String FOLDER_PROPERTY = "fuzz.folder";

    /** A run's output, and one file for each finding. */
    public record Result(int exitCode, String log, List<Path> findings) {

        /** Places in the code that the seeds reached. */
        public int coverageOfSeeds() {
            return number("INITED\\s+cov: ");
        }

        /**
         * The fuzzer's coverage after the run: branches, each counted once for every order of
         * magnitude of hits.
         */
        public int features() {
            return number("DONE\\s+cov: \\d+ ft: ");
        }

        public int featuresOfSeeds() {
            return number("INITED\\s+cov: \\d+ ft: ");
        }

        /** The number of new inputs that reached something new. */
        public int newInputs() {
            return number("stat::new_units_added:\\s+");
        }

        private int number(String before) {
            return Pattern.compile(before + "(\\d+)")
                    .matcher(log)
                    .results()
                    .mapToInt(match -> Integer.parseInt(match.group(1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No " + before + " in " + log));
        }
    }

    /** The folder of this target, with seeds, findings and log. */
    public Path folder() {
        return Path.of("target", "fuzz", target.getSimpleName()).toAbsolutePath();
    }

    /** The {@link #folder} of the target that runs in this process. */
    public static Path folderOfThisProcess() {
        return Path.of(System.getProperty(FOLDER_PROPERTY));
    }

    /** Writes a first input. */
    public void seed(String name, byte[] input) throws IOException {
        Files.write(Files.createDirectories(seeds()).resolve(name), input);
    }

    /** Fuzzes until something is found, or as the options of libFuzzer say. */
    public Result run(String... options) throws IOException, InterruptedException {
        Path findings = Files.createDirectories(folder().resolve("findings"));
        Path inputs = emptied(folder().resolve("inputs"));
        String scope = target.getPackageName() + ".**";
        Path log = folder().resolve("log.txt");
        List<String> command = new ArrayList<>();
        Collections.addAll(
                command,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + FOLDER_PROPERTY + "=" + folder(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + scope,
                "--custom_hook_includes=" + scope,
                "--custom_hooks=" + String.join(":", hooks.stream().map(Class::getName).toList()),
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-print_final_stats=1",
                // -Xmx limits it; the system's count for a new process includes its parent's
                "-rss_limit_mb=0",
                "-timeout=" + SLOWEST_INPUT_SECONDS);
        Collections.addAll(command, options);
        command.add(inputs.toString());
        if (Files.exists(seeds())) {
            command.add(seeds().toString());
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            int exitCode = process.waitFor();
            return new Result(exitCode, Files.readString(log), files(findings));
        } finally {
            process.destroyForcibly();
        }
    }

    private Path seeds() {
        return folder().resolve(SEEDS);
    }

    private static Path emptied(Path folder) throws IOException {
        for (Path file : files(Files.createDirectories(folder))) {
            Files.delete(file);
        }
        return folder;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
