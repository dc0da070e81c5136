package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/** How work with an upstream failed. */
final class Failures {

    private Failures() {}

    /** The kind of failure, which must quote nothing marked SECRET of what the server said. */
    static Kind kind(ThrowingCallable work) {
        UpstreamException failure = catchThrowableOfType(UpstreamException.class, work);
        assertThat(failure).isNotNull().hasMessageNotContaining("SECRET").hasNoCause();
        return failure.kind();
    }
}
