package services.chorus.seqthink.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.client.KnownGateways.Trust;

/**
 * Finds the recipients of one gateway.
 *
 * @param url without a slash at its end
 */
record RecipientResolver(RecipientSource source, String url, GatewayHttp http) {

    /**
     * @param version 0 when the user gave them
     */
    record Recipients(List<KeyRecipient> keys, long version) {}

    /**
     * The recipients given or remembered, else fetched.
     *
     * @throws CallFailed when the gateway is not trusted, or does not answer
     */
    Recipients current() throws IOException, InterruptedException {
        return switch (source) {
            case RecipientSource.Given(var keys) -> new Recipients(keys, 0);
            case RecipientSource.Signed(KnownGateways known, Trust trust) -> {
                Optional<KnownGateway> remembered =
                        known.find(url)
                                .filter(known::isCurrent)
                                .filter(gateway -> isExpected(gateway, trust));
                yield remembered.isPresent() ? recipients(remembered.get()) : fetched(known, trust);
            }
        };
    }

    /**
     * The recipients to use after the gateway answered that it has no identity for these (422).
     *
     * @throws CallFailed when there are none that can be trusted
     */
    Recipients newerThan(Recipients refused) throws IOException, InterruptedException {
        return switch (source) {
            case RecipientSource.Given given ->
                    throw new CallFailed(
                            "status 422: the gateway has no identity for the recipients given; ask"
                                    + " its operator for the current ones");
            case RecipientSource.Signed(KnownGateways known, Trust trust) -> {
                Recipients now = fetched(known, trust);
                if (now.version() <= refused.version()) {
                    throw new CallFailed(
                            ("status 422: %s reports that it cannot decrypt for its own recipients,"
                                            + " but publishes none newer than version %d. The status may be"
                                            + " forged, so the request was not sent again: try later")
                                    .formatted(url, refused.version()));
                }
                yield now;
            }
        };
    }

    private Recipients fetched(KnownGateways known, Trust trust)
            throws IOException, InterruptedException {
        return recipients(known.accept(http.recipients(), url, trust));
    }

    private static Recipients recipients(KnownGateway gateway) {
        return new Recipients(gateway.recipients(), gateway.version());
    }

    private static boolean isExpected(KnownGateway gateway, Trust trust) {
        return !(trust instanceof Trust.Fingerprint(String fingerprint))
                || fingerprint.equals(gateway.fingerprint());
    }
}
