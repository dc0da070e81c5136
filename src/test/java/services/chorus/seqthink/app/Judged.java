package services.chorus.seqthink.app;

import java.util.List;
import java.util.Map;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Sources;

/** An environment, checked by {@link Configuration}. */
public record Judged(Map<String, String> environment) {

    public Configuration.Usable usable() {
        return switch (Configuration.of(new Sources(environment, Map.of()))) {
            case Configuration.Usable usable -> usable;
            case Configuration.Faulty(var faults) ->
                    throw new AssertionError("Not usable: " + faults);
        };
    }

    /** The faults found, none when it is usable. */
    public List<Fault> faults() {
        return switch (Configuration.of(new Sources(environment, Map.of()))) {
            case Configuration.Faulty(var faults) -> faults;
            case Configuration.Usable usable -> List.of();
        };
    }

    public List<String> faultyVariables() {
        return faults().stream().map(Fault::variable).toList();
    }

    public List<String> lines() {
        return faults().stream().map(Fault::line).toList();
    }
}
