package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Tally;

/**
 * Shows in the meters what this process is and takes, in a native image as in a JVM. Micrometer's
 * own meters lack the resident memory everywhere, and a native image the processor time and every
 * limit as well.
 */
final class ProcessMeters {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_PER_SECOND = 1e9;

    private ProcessMeters() {}

    static void watch(Meters meters) throws IOException {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Runtime heap = Runtime.getRuntime();
        meters.ofVersion(Version.current());
        meters.watch(Tally.CPU_SECONDS, () -> system.getProcessCpuTime() / NANOS_PER_SECOND);
        meters.watch(Level.RESIDENT_MEMORY, ProcessMeters::resident);
        meters.watch(Level.MEMORY_LIMIT, system::getTotalMemorySize);
        meters.watch(Level.HEAP_USED, () -> heap.totalMemory() - heap.freeMemory());
        meters.watch(Level.HEAP_LIMIT, heap::maxMemory);
    }

    /** In bytes, as proc_pid_status(5) has it; not a number where there is no such file. */
    private static double resident() {
        try {
            return Files.readAllLines(STATUS, US_ASCII).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                    .mapToDouble(kilobytes -> Long.parseLong(kilobytes) * 1024.0)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
