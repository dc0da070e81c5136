/**
 * Who may call what: key sets, token verification, scopes and challenges; deny lists ({@code
 * denied}), proofs of a token's key ({@code dpop}), request limits ({@code limits}), tokens that
 * their issuer is asked about ({@code opaque}), and rules for tools and arguments ({@code rules}).
 */
package services.chorus.seqthink.policy;
