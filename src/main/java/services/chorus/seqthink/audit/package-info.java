/**
 * The audit log: one line of JSON for each decision, chained by hashes, signed from time to time.
 * It says who asked for what and what became of it, and nothing of what was thought.
 */
package services.chorus.seqthink.audit;
