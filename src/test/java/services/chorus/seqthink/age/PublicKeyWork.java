package services.chorus.seqthink.age;

import com.code_intelligence.jazzer.api.HookType;
import com.code_intelligence.jazzer.api.MethodHook;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the public-key operations of the code under test. */
public final class PublicKeyWork {

    private static final AtomicInteger DONE = new AtomicInteger();

    private PublicKeyWork() {}

    /** Operations since the last call. */
    static int takeCount() {
        return DONE.getAndSet(0);
    }

    @MethodHook(
            type = HookType.BEFORE,
            targetClassName = "org.bouncycastle.math.ec.rfc7748.X25519",
            targetMethod = "calculateAgreement")
    @MethodHook(
            type = HookType.BEFORE,
            targetClassName = "org.bouncycastle.math.ec.rfc7748.X25519",
            targetMethod = "scalarMultBase")
    @MethodHook(
            type = HookType.BEFORE,
            targetClassName = "org.bouncycastle.crypto.hpke.HPKE",
            targetMethod = "setupBaseR")
    @MethodHook(
            type = HookType.BEFORE,
            targetClassName = "org.bouncycastle.crypto.generators.SCrypt",
            targetMethod = "generate")
    public static void count(MethodHandle method, Object self, Object[] arguments, int place) {
        DONE.incrementAndGet();
    }
}
