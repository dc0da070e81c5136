package services.chorus.seqthink.client;

import java.net.http.HttpRequest;
import java.util.Map;

/** How a client proves to an issuer who it is. */
public sealed interface ClientProof extends AutoCloseable permits KeyProof, SecretProof {

    /** What was registered with the issuer, in words. */
    String kind();

    /**
     * Adds the proof to a request for a token.
     *
     * @param form the parameters of its body
     * @throws CallFailed when the issuer takes no such proof
     */
    void add(IssuerMetadata issuer, HttpRequest.Builder request, Map<String, String> form)
            throws CallFailed;

    @Override
    void close();
}
