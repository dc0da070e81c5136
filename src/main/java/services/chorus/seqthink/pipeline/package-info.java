/** The stages of a sealed request, from its body to its answer. Independent of HTTP. */
package services.chorus.seqthink.pipeline;
