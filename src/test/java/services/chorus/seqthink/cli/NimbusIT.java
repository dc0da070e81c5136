package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Service;

/** The packaged issuer with Nimbus' OAuth and JWT libraries as its client. */
class NimbusIT {

    private static final Scope SCOPE = new Scope("think");

    @TempDir static Path folder;
    private static OwnIssuer issuer;
    private static Service service;
    private static String secret;
    private static String resourceSecret;
    private static ECKey key;
    private AuthorizationServerMetadata metadata;

    @BeforeAll
    static void startAnIssuer() throws Exception {
        issuer = OwnIssuer.in(folder);
        secret = issuer.addWithSecret("by-secret", "--scope", "think,read");
        resourceSecret = issuer.addWithSecret("resource", "--introspect");
        key = new ECKeyGenerator(Curve.P_256).keyID("of-the-client").generate();
        issuer.addWithPublicKey("by-key", key.toPublicJWK().toJSONString(), "--scope", "think");
        service = issuer.start("NimbusIT");
    }

    @AfterAll
    static void stopTheIssuer() {
        if (service != null) {
            service.close();
        }
    }

    @BeforeEach
    void discover() throws Exception {
        metadata = AuthorizationServerMetadata.resolve(new Issuer(issuer.url()));
    }

    @ParameterizedTest
    @CsvSource({
        "client_secret_basic, false",
        "client_secret_basic, true",
        "client_secret_post, false",
        "client_secret_post, true",
        "private_key_jwt, false",
        "private_key_jwt, true"
    })
    void getsVerifiesIntrospectsAndRevokesAToken(String method, boolean bound) throws Exception {
        ECKey boundTo = new ECKeyGenerator(Curve.P_256).generate();
        AccessToken token = token(client(method), bound ? Optional.of(boundTo) : Optional.empty());

        assertThat(token.getType())
                .isEqualTo(bound ? AccessTokenType.DPOP : AccessTokenType.BEARER);
        assertThat(token.getScope()).isEqualTo(SCOPE);
        JWTClaimsSet claims = verified(token);
        assertThat(claims.getStringClaim("scope")).isEqualTo("think");
        TokenIntrospectionSuccessResponse active = introspected(token, client(method));
        assertThat(active.isActive()).isTrue();
        assertThat(active.getIssuer().getValue()).isEqualTo(issuer.url());
        assertThat(active.getAudience()).containsExactly(new Audience(issuer.audience()));
        assertThat(active.getScope()).isEqualTo(SCOPE);
        assertThat(active.getJWTID().getValue()).isEqualTo(claims.getJWTID());
        assertThat(active.getExpirationTime()).isEqualTo(claims.getExpirationTime());
        if (bound) {
            String thumbprint = boundTo.computeThumbprint().toString();
            assertThat(claims.getJSONObjectClaim("cnf")).containsEntry("jkt", thumbprint);
            assertThat(active.getJWKThumbprintConfirmation().getValue()).hasToString(thumbprint);
        } else {
            assertThat(claims.getClaim("cnf")).isNull();
            assertThat(active.getJWKThumbprintConfirmation()).isNull();
        }

        revoke(token, client(method));

        assertThat(introspected(token, client(method)).isActive()).isFalse();
    }

    @Test
    void introspectsAnyTokenForAResourceAndOwnTokensForOtherClients() throws Exception {
        AccessToken token = token(client("private_key_jwt"), Optional.empty());
        ClientAuthentication resource =
                new ClientSecretBasic(new ClientID("resource"), new Secret(resourceSecret));

        assertThat(introspected(token, resource).isActive()).isTrue();
        assertThat(introspected(token, client("client_secret_basic")).isActive()).isFalse();
    }

    private ClientAuthentication client(String method) throws Exception {
        assertThat(metadata.getTokenEndpointAuthMethods())
                .extracting(each -> each.getValue())
                .contains(method);
        ClientID bySecret = new ClientID("by-secret");
        return switch (method) {
            case "client_secret_basic" -> new ClientSecretBasic(bySecret, new Secret(secret));
            case "client_secret_post" -> new ClientSecretPost(bySecret, new Secret(secret));
            default ->
                    new PrivateKeyJWT(
                            assertion(),
                            JWSAlgorithm.ES256,
                            key.toPrivateKey(),
                            key.getKeyID(),
                            null);
        };
    }

    /**
     * With {@code iat}, without which an issuer that just started rejects it as possibly used
     * before.
     */
    private static JWTAuthenticationClaimsSet assertion() {
        Instant now = Instant.now();
        return new JWTAuthenticationClaimsSet(
                new ClientID("by-key"),
                List.of(new Audience(issuer.url())),
                Date.from(now.plusSeconds(60)),
                null,
                Date.from(now),
                new JWTID());
    }

    private AccessToken token(ClientAuthentication client, Optional<ECKey> boundTo)
            throws Exception {
        URI endpoint = metadata.getTokenEndpointURI();
        HTTPRequest request =
                new TokenRequest.Builder(endpoint, client, new ClientCredentialsGrant())
                        .scope(SCOPE)
                        .build()
                        .toHTTPRequest();
        if (boundTo.isPresent()) {
            request.setDPoP(
                    new DefaultDPoPProofFactory(boundTo.get(), JWSAlgorithm.ES256)
                            .createDPoPJWT("POST", endpoint));
        }
        HTTPResponse answer = request.send();
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(200);
        AccessToken token =
                TokenResponse.parse(answer).toSuccessResponse().getTokens().getAccessToken();
        Canaries.note(token.getValue());
        return token;
    }

    private JWTClaimsSet verified(AccessToken token) throws Exception {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        JWSAlgorithm.RS256,
                        JWKSourceBuilder.create(metadata.getJWKSetURI().toURL()).build()));
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(
                        issuer.audience(),
                        new JWTClaimsSet.Builder().issuer(issuer.url()).build(),
                        Set.of("sub", "client_id", "exp", "iat", "nbf", "jti")));
        return processor.process(token.getValue(), null);
    }

    private TokenIntrospectionSuccessResponse introspected(
            AccessToken token, ClientAuthentication client) throws Exception {
        HTTPResponse answer =
                new TokenIntrospectionRequest(metadata.getIntrospectionEndpointURI(), client, token)
                        .toHTTPRequest()
                        .send();
        return TokenIntrospectionResponse.parse(answer).toSuccessResponse();
    }

    private void revoke(AccessToken token, ClientAuthentication client) throws Exception {
        HTTPResponse answer =
                new TokenRevocationRequest(metadata.getRevocationEndpointURI(), client, token)
                        .toHTTPRequest()
                        .send();
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(200);
    }
}
