/** Tokens that say nothing by themselves: whoever issued them is asked. */
package services.chorus.seqthink.policy.opaque;
