package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/** Failures of an upstream. */
final class Failures {

    private Failures() {}

    /** The kind of failure; asserts that it does not quote SECRET data of the server. */
    static Kind kind(ThrowingCallable work) {
        UpstreamException failure = catchThrowableOfType(UpstreamException.class, work);
        assertThat(failure).isNotNull().hasMessageNotContaining("SECRET").hasNoCause();
        return failure.kind();
    }
}
