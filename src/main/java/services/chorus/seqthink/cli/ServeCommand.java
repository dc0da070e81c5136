package services.chorus.seqthink.cli;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Starts the service, if everything it is told is good. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Start the service (what happens without a command, too).")
final class ServeCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return switch (Configuration.of(System.getenv())) {
            case Configuration.Faulty(var faults) -> {
                faults.forEach(fault -> System.err.println(fault.line()));
                yield ExitCode.SOFTWARE;
            }
            case Configuration.Usable usable -> {
                if (usable.gateway().insecureDev()) {
                    System.setProperty("seqthink.gateway.bind-address", "127.0.0.1");
                }
                Quarkus.run();
                yield ExitCode.OK;
            }
        };
    }
}
