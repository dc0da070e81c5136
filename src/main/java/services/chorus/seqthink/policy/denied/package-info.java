/** Which tokens were taken back before their end, as their issuers say. */
package services.chorus.seqthink.policy.denied;
