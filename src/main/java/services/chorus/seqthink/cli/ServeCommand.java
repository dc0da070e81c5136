package services.chorus.seqthink.cli;

import io.quarkus.runtime.Quarkus;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.Warnings;
import services.chorus.seqthink.config.CheckedSettings;
import services.chorus.seqthink.config.Sources;

@Command(
        name = "serve",
        aliases = "server",
        description = "Start the service; the default without a command.")
final class ServeCommand extends BaseCommand {

    @Mixin ConfigOption config;

    @Override
    public Integer call() {
        return serve(context(), config.of(context()));
    }

    static int serve(CommandContext context, Sources sources) {
        return switch (Configuration.of(sources)) {
            case Configuration.Faulty(var faults) -> {
                faults.forEach(fault -> context.err().println(fault.line()));
                yield ExitCode.SOFTWARE;
            }
            case Configuration.Usable usable -> {
                if (usable.gateway().insecureDev()) {
                    // a system property overrides BIND_ADDRESS and QUARKUS_HTTP_HOST
                    System.setProperty("quarkus.http.host", "127.0.0.1");
                }
                if (usable.tls().isOn()) {
                    System.setProperty("quarkus.http.insecure-requests", "disabled");
                }
                CheckedSettings.handOver(usable.config());
                Quarkus.run();
                yield ExitCode.OK;
            }
        };
    }

    @Command(
            name = "doctor",
            description = "Check the configuration as serve does, without opening a port.")
    static final class Doctor extends BaseCommand {

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
}
