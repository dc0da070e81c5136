package services.chorus.seqthink.cli;

import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.Warnings;

/** Says what {@code serve} would say, without starting anything. */
@Command(
        name = "doctor",
        description = "Judge the configuration as serve would, without opening a port.")
final class DoctorCommand extends BaseCommand {

    @Mixin ConfigOption config;

    @Override
    public Integer call() {
        PrintStream out = out();
        return switch (Configuration.of(config.of(context()))) {
            case Configuration.Faulty(var faults) -> {
                faults.forEach(fault -> out.println(fault.line()));
                yield ExitCode.SOFTWARE;
            }
            case Configuration.Usable usable -> {
                List<String> warnings = Warnings.of(usable, context().heap());
                warnings.forEach(warning -> out.println("warning: " + warning));
                out.println("ready to serve");
                yield ExitCode.OK;
            }
        };
    }
}
