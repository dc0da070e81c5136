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
                    .essential(
                            "Mandatory for the door role. File of age identities, one a line: "
                                    + "callers seal to the first, all of them open requests. Reloaded "
                                    + "when it changes; `keygen` and `rotate` write it.")
                    .add(RECIPIENTS, "recipients", Form.path())
                    .essential(
                            "File of age recipients to which replies to bare requests are "
                                    + "sealed. Needed only when `REQUIRE_BOUND` is `false`. Every holder "
                                    + "of one of their identities can read all those replies.")
                    .add(DOOR_KEY, "door-key", Form.path())
                    .essential(
                            "File of the Ed25519 key (a JWK) that signs "
                                    + "`/.well-known/age-recipients`; `keygen --door` makes one. Unset: "
                                    + "the gateway publishes no recipients, and callers need them from "
                                    + "you.")
                    .add("REQUIRE_BOUND", "require-bound", "true", Form.flag())
                    .meaning(
                            "`false` also accepts bare requests, which have no envelope. They "
                                    + "are not bound to a token and can be replayed.")
                    .add("REPLAY_WINDOW", "replay-window", "60s", Form.duration("5s", "10m"))
                    .meaning(
                            "Largest difference between a request's `issued_at` and the "
                                    + "gateway's clock, in either direction.")
                    .add(
                            "REPLAY_QUOTA",
                            "replay-quota",
                            "10000",
                            Form.number(10, 1_000_000, "requests"))
                    .meaning(
                            "Number of requests remembered for each caller, each for twice "
                                    + "`REPLAY_WINDOW`, to detect replays. Further requests get 503.");

    Optional<Path> identities();

    Optional<Path> recipients();

    Optional<Path> doorKey();

    boolean requireBound();

    Duration replayWindow();

    int replayQuota();
}
