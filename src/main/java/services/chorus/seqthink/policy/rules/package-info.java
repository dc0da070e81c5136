/** Which caller may call which tool with which arguments. Knows nothing of HTTP. */
package services.chorus.seqthink.policy.rules;
