package services.chorus.seqthink.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.app.Warnings;

/** Says what {@code serve} would say, without starting anything. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Judge the configuration as serve would, without opening a port.")
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand RootCommand root;

    @Mixin ConfigOption config;

    @Override
    public Integer call() {
        PrintStream out = root.surroundings().out();
        return switch (Configuration.of(config.of(root.surroundings()))) {
            case Configuration.Faulty(var faults) -> {
                faults.forEach(fault -> out.println(fault.line()));
                yield ExitCode.SOFTWARE;
            }
            case Configuration.Usable usable -> {
                List<String> warnings = Warnings.of(usable, root.surroundings().heap());
                warnings.forEach(warning -> out.println("warning: " + warning));
                out.println("ready to serve");
                yield ExitCode.OK;
            }
        };
    }
}
