package services.chorus.seqthink.sealing;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;

/** The settings of sealing. */
@ConfigMapping(prefix = "seqthink.sealing")
public interface SealingConfig {

    String IDENTITIES = "AGE_IDENT_PATH";
    String RECIPIENTS = "AGE_RECIPS_PATH";
    String DOOR_KEY = "DOOR_KEY_PATH";

    Section SECTION =
            Section.of(SealingConfig.class, "sealing")
                    .add(IDENTITIES, "identities", Form.path())
                    .meaning(
                            "Mandatory. Identities file, one a line: the first is current, the"
                                    + " rest still open.")
                    .add(RECIPIENTS, "recipients", Form.path())
                    .meaning(
                            "Recipients file: whom replies to bare requests are sealed to; needed"
                                    + " only with `REQUIRE_BOUND=false`. Whoever holds one of its"
                                    + " keys can read all such replies.")
                    .add(DOOR_KEY, "door-key", Form.path())
                    .meaning(
                            "Key that signs `/.well-known/age-recipients`; `keygen --door` makes"
                                    + " one. Without it callers must be given recipients by hand.")
                    .add("REQUIRE_BOUND", "require-bound", "true", Form.flag())
                    .meaning(
                            "`false` also takes the original wrapper's bare requests, which"
                                    + " nothing binds to their token.")
                    .add("REPLAY_WINDOW", "replay-window", "60s", Form.duration("5s", "10m"))
                    .meaning("How far a request's `issued_at` may be from this service's clock.")
                    .add("REPLAY_QUOTA", "replay-quota", "10000", Form.number(10, 1_000_000))
                    .meaning(
                            "How many requests of one caller are remembered, each for twice"
                                    + " `REPLAY_WINDOW`; more are refused with 503.");

    Optional<Path> identities();

    Optional<Path> recipients();

    Optional<Path> doorKey();

    boolean requireBound();

    Duration replayWindow();

    int replayQuota();
}
