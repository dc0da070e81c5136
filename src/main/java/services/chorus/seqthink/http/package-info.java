/**
 * The HTTP face: routes, filters, resources, problem bodies, probes. Decides nothing about a
 * request; that is what {@code policy} and {@code pipeline} are for.
 */
package services.chorus.seqthink.http;
