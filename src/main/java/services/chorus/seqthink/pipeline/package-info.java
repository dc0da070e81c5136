/**
 * What happens to a sealed request between its body and its answer, stage by stage. Knows nothing
 * of HTTP.
 */
package services.chorus.seqthink.pipeline;
