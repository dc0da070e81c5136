package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/** How a client authenticates itself to an issuer. */
public sealed interface ClientProof extends AutoCloseable {

    /** The kind of credential, for a message: {@code secret} or {@code key}. */
    String kind();

    /**
     * Adds the proof to one request for a token.
     *
     * @param form the parameters of the request's body
     * @throws CallFailed when the issuer does not support it
     */
    void prove(
            IssuerMetadata issuer,
            Instant now,
            HttpRequest.Builder request,
            Map<String, String> form)
            throws CallFailed;

    @Override
    void close();

    /** {@code client_secret_basic} (RFC 6749 section 2.3.1). */
    final class Secret implements ClientProof {

        private final String clientId;
        private final byte[] secret;

        private Secret(String clientId, byte[] secret) {
            this.clientId = clientId;
            this.secret = secret;
        }

        /**
         * @param file holds the secret in UTF-8, with or without an end of line; or {@code -} for
         *     standard input
         */
        public static Secret read(String clientId, Path file, InputStream in) throws IOException {
            return new Secret(clientId, PrivateFile.readSecret(file, in));
        }

        @Override
        public String kind() {
            return "secret";
        }

        @Override
        public void prove(
                IssuerMetadata issuer,
                Instant now,
                HttpRequest.Builder request,
                Map<String, String> form)
                throws CallFailed {
            issuer.requireMethod("client_secret_basic", "--client-key");
            byte[] pair =
                    (encoded(clientId) + ":" + encoded(new String(secret, UTF_8))).getBytes(UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            Arrays.fill(pair, (byte) 0);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, UTF_8);
        }

        @Override
        public void close() {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /**
     * {@code private_key_jwt} (RFC 7523 section 2.2): the client signs an assertion for each
     * request; the issuer knows only the public half of the key.
     */
    final class Key implements ClientProof {

        private static final String TYPE = "client-authentication+jwt";
        private static final String ASSERTION_TYPE =
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        private static final Duration LIFETIME = Duration.ofMinutes(1);

        private final String clientId;
        private final PublicJsonWebKey key;
        private final Set<SignatureAlgorithm> algorithms;
        private final Optional<KeyRecipient> reader;

        private Key(
                String clientId,
                PublicJsonWebKey key,
                Set<SignatureAlgorithm> algorithms,
                Optional<KeyRecipient> reader) {
            this.clientId = clientId;
            this.key = key;
            this.algorithms = algorithms;
            this.reader = reader;
        }

        /**
         * @param file a private JWK: RSA of 2048 bits or more, EC, or Ed25519
         * @param reader the recipient of replies under the token
         */
        public static Key read(String clientId, Path file, Optional<KeyRecipient> reader)
                throws IOException {
            byte[] content = Files.readAllBytes(file);
            try {
                Optional<PublicJsonWebKey> key = privateKey(content);
                if (key.isEmpty()) {
                    throw new CallFailed(
                            file
                                    + " is not a private JWK: give the client's private key, as"
                                    + " client add made it");
                }
                Optional<VerificationKey> publicHalf = publicHalf(key.get());
                if (publicHalf.isEmpty()) {
                    throw new CallFailed(
                            file
                                    + " cannot sign: a client's key must be Ed25519, EC, or RSA of"
                                    + " 2048 bits or more");
                }
                Set<SignatureAlgorithm> algorithms = publicHalf.get().algorithms();
                return new Key(clientId, key.get(), algorithms, reader);
            } finally {
                Arrays.fill(content, (byte) 0);
            }
        }

        @Override
        public String kind() {
            return "key";
        }

        @Override
        public void prove(
                IssuerMetadata issuer,
                Instant now,
                HttpRequest.Builder request,
                Map<String, String> form)
                throws CallFailed {
            issuer.requireMethod("private_key_jwt", "--secret-file");
            SignatureAlgorithm algorithm = issuer.algorithmOf(algorithms);
            form.put("client_id", clientId);
            form.put("client_assertion_type", ASSERTION_TYPE);
            form.put("client_assertion", assertion(issuer.url(), algorithm, now));
        }

        /** Does nothing: the library keeps the key in objects that cannot be wiped. */
        @Override
        public void close() {}

        private String assertion(String audience, SignatureAlgorithm algorithm, Instant now) {
            ObjectNode claims =
                    StrictJson.object()
                            .put("iss", clientId)
                            .put("sub", clientId)
                            .put("aud", audience)
                            .put("iat", now.getEpochSecond())
                            .put("exp", now.plus(LIFETIME).getEpochSecond())
                            .put("jti", DpopProof.newId());
            reader.ifPresent(recipient -> claims.put("age_recipient", recipient.toString()));
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue(algorithm.jwsName());
            jws.setHeader("typ", TYPE);
            if (key.getKeyId() != null) {
                jws.setKeyIdHeaderValue(key.getKeyId());
            }
            jws.setPayloadBytes(StrictJson.write(claims));
            jws.setKey(key.getPrivateKey());
            try {
                return jws.getCompactSerialization();
            } catch (JoseException e) {
                throw new IllegalStateException("A key that was read cannot sign", e);
            }
        }

        private static Optional<PublicJsonWebKey> privateKey(byte[] content) {
            try {
                if (StrictJson.parseObject(content).isEmpty()) {
                    return Optional.empty();
                }
                String jwk = new String(content, UTF_8);
                return Optional.of(PublicJsonWebKey.Factory.newPublicJwk(jwk))
                        .filter(key -> key.getPrivateKey() != null);
            } catch (JoseException | RuntimeException e) {
                // the library throws unchecked where numbers are out of range, and quotes its input
                return Optional.empty();
            }
        }

        private static Optional<VerificationKey> publicHalf(PublicJsonWebKey key) {
            String json = key.toJson(OutputControlLevel.PUBLIC_ONLY);
            ObjectNode jwk = StrictJson.parseObject(json.getBytes(UTF_8)).orElseThrow();
            // permits only "sign", the use of the private key
            jwk.remove("key_ops");
            return VerificationKey.from(jwk);
        }
    }
}
