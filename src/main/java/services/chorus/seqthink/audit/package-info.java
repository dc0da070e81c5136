/**
 * The audit log: one line of JSON for each decision, chained by hashes, with signed checkpoints. It
 * records caller, tool and outcome, and never the content of requests and replies.
 */
package services.chorus.seqthink.audit;
