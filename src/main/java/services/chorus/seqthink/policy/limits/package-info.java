/**
 * How many requests a caller may make in a minute, and how often an address may fail to say who
 * calls. The two share nothing: who fails costs those who do not neither a place nor a wait.
 */
package services.chorus.seqthink.policy.limits;
