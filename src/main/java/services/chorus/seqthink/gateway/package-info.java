/**
 * The HTTP face: resources, the bearer mechanism, problem bodies, probes. One request passes token,
 * scope, seal, envelope, upstream and seal again, in this order, and never back.
 */
package services.chorus.seqthink.gateway;
