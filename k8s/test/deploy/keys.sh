# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# What make-keys.sh creates and renews. Sourced by deploy-test.sh.

it "creates no key without --make-keys"
fails deploy --image seqthink-wrapper:1.0.0
says '--make-keys'
never_called "$CHANGES"

it "creates the missing secrets, and no others"
after_a_deployment
for name in age-identity door-key issuer-identity redis ca wrapper-tls issuer-tls redis-tls; do
    is_there "secret~seqthink-$name"
done
contents | grep secret >"$work/contents"
succeeds deploy --image seqthink-wrapper:1.0.1 --make-keys
contents | grep secret | cmp -s - "$work/contents" || wrong "a secret changed"

it "creates certificates that openssl verifies, for the names that pods and checks use"
after_a_deployment
# held_by SECRET KEY [RESTART]: its value now, or at a restart
held_by() {
    jq -r --arg key "$2" '.data[$key]' "$CLUSTER/${3:-objects}/secret~$1" | base64 -d
}
held_by seqthink-wrapper-tls ca.crt >"$work/ca.crt"
held_by seqthink-wrapper-tls tls.crt >"$work/tls.crt"
for name in seqthink-wrapper seqthink.example.org; do
    openssl verify -x509_strict -purpose sslserver -verify_hostname $name -CAfile "$work/ca.crt" "$work/tls.crt" \
        >"$work/output" 2>&1 || wrong "the certificate is no good for $name"
done

it "renews a certificate for another domain, with the same authority"
after_a_deployment
held_by seqthink-ca ca.crt >"$work/ca.crt"
fails deploy --image seqthink-wrapper:1.0.0 --domain other.example.org
succeeds deploy --image seqthink-wrapper:1.0.0 --domain other.example.org --make-keys
held_by seqthink-wrapper-tls tls.crt >"$work/tls.crt"
openssl verify -x509_strict -verify_hostname other.example.org -CAfile "$work/ca.crt" "$work/tls.crt" \
    >"$work/output" 2>&1 || wrong "the certificate is not good"

it "creates a password and its hash for Redis"
after_a_deployment
# password_hash [RESTART]: hash of the gateways' password
password_hash() {
    held_by seqthink-redis settings.toml "$@" | sed -n 's|^url = "rediss://door:\(.*\)@.*|\1|p' | tr -d '\n' |
        sha256sum | cut -d' ' -f1
}
held_by seqthink-redis users.acl | grep -q "^user door on #$(password_hash) ~" || wrong "the hash differs"

it "renews the password: Redis accepts it before gateways use it, and the old one until no gateway uses it"
after_a_deployment
old=$(password_hash)
succeeds make_keys --renew redis-password
new=$(password_hash)
[ "$old" != "$new" ] || wrong "it is the same"
in_order 'rollout restart statefulset.apps/seqthink-redis' 'rollout status statefulset.apps/seqthink-redis' \
    'rollout restart deployment.apps/seqthink-wrapper' 'rollout status deployment.apps/seqthink-wrapper' \
    'rollout restart statefulset.apps/seqthink-redis'
held_by seqthink-redis users.acl restarts/1 | grep -q "^user door on #$new #$old ~" || wrong "Redis accepts only one"
[ "$(password_hash restarts/2)" = "$new" ] || wrong "the doors have the old one"
held_by seqthink-redis users.acl restarts/3 | grep -q "^user door on #$new ~" || wrong "Redis still accepts the old one"

it "renews the authority: gateways trust each certificate at every step"
after_a_deployment
held_by seqthink-ca ca.crt >"$work/old.crt"
held_by seqthink-redis-tls tls.crt >"$work/old-redis.crt"
succeeds make_keys --renew authority
in_order 'rollout restart deployment.apps/seqthink-wrapper' 'rollout restart statefulset.apps/seqthink-redis' \
    'rollout restart statefulset.apps/seqthink-issuer' 'rollout restart deployment.apps/seqthink-wrapper' \
    'rollout restart deployment.apps/seqthink-wrapper'
held_by seqthink-redis-tls tls.crt restarts/1 | cmp -s - "$work/old-redis.crt" || wrong "the Redis certificate changed before the gateways trusted the new authority"
held_by seqthink-wrapper-tls ca.crt restarts/1 >"$work/believed.crt"
held_by seqthink-redis-tls tls.crt restarts/2 >"$work/new-redis.crt"
for shown in old-redis new-redis; do
    openssl verify -x509_strict -verify_hostname seqthink-redis -CAfile "$work/believed.crt" "$work/$shown.crt" \
        >"$work/output" 2>&1 || wrong "the gateways would not trust $shown"
done
held_by seqthink-ca ca.crt >"$work/ca.crt"
! cmp -s "$work/ca.crt" "$work/old.crt" || wrong "it is the same"
for name in wrapper issuer redis; do
    held_by seqthink-$name-tls ca.crt restarts/5 | cmp -s - "$work/ca.crt" || wrong "$name has another authority"
    held_by seqthink-$name-tls tls.crt restarts/5 >"$work/tls.crt"
    openssl verify -x509_strict -verify_hostname seqthink-$name -CAfile "$work/ca.crt" "$work/tls.crt" \
        >"$work/output" 2>&1 || wrong "the certificate of $name is no good"
done
