/** Who may call what: key sets, token verification, scopes, challenges. */
package services.chorus.seqthink.policy;
