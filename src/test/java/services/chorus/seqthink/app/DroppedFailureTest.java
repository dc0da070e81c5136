package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.LogWatch;

/** Failures that occur after their request has ended. */
@QuarkusTest
@WithTestResource(Door.class)
class DroppedFailureTest {

    @Test
    void isLoggedWithoutItsMessage() {
        try (LogWatch log = new LogWatch()) {
            Infrastructure.handleDroppedException(new IllegalStateException("canary"));

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("IllegalStateException"))
                    .singleElement()
                    .asString()
                    .endsWith("java.lang.IllegalStateException");
            assertThat(log.lines()).noneMatch(line -> line.contains("canary"));
        }
    }
}
