/** Which tokens were revoked before they expired, as their issuers say. */
package services.chorus.seqthink.policy.denied;
