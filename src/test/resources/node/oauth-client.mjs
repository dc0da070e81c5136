// A client made of openid-client and jose. The file argv[2] holds the issuer and the client's
// credentials; the rest is in the issuer's metadata (RFC 8414). Prints its results as a line of JSON.
import { readFile } from "node:fs/promises";
import { calculateJwkThumbprint, createRemoteJWKSet, exportJWK, importJWK, jwtVerify } from "jose";
import * as oauth from "openid-client";

const { issuer, audience, clientId, method, secret, key, bound } = JSON.parse(
  await readFile(process.argv[2]),
);
const proofs = {
  client_secret_basic: () => oauth.ClientSecretBasic(secret),
  client_secret_post: () => oauth.ClientSecretPost(secret),
  private_key_jwt: async () => oauth.PrivateKeyJwt(await importJWK(key, "Ed25519")),
};
const config = await oauth.discovery(
  new URL(issuer),
  clientId,
  undefined,
  await proofs[method](),
  // the issuer is on loopback
  { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] },
);
const { jwks_uri, token_endpoint_auth_methods_supported: methods } = config.serverMetadata();
const keyPair = await oauth.randomDPoPKeyPair("ES256", { extractable: true });
const granted = await oauth.clientCredentialsGrant(
  config,
  { scope: "think" },
  bound ? { DPoP: oauth.getDPoPHandle(config, keyPair) } : undefined,
);
const token = granted.access_token;
const keys = createRemoteJWKSet(new URL(jwks_uri));
const verified = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt" });
const active = await oauth.tokenIntrospection(config, token);
await oauth.tokenRevocation(config, token);
const revoked = await oauth.tokenIntrospection(config, token);

console.log(
  JSON.stringify({
    methods,
    type: granted.token_type,
    scope: granted.scope,
    thumbprint: await calculateJwkThumbprint(await exportJWK(keyPair.publicKey)),
    algorithm: verified.protectedHeader.alg,
    payload: verified.payload,
    active,
    revoked,
  }),
);
