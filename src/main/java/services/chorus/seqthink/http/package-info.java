/**
 * The HTTP side: routes, filters, resources, problem bodies, probes. Decisions about requests are
 * made in {@code policy} and {@code pipeline}.
 */
package services.chorus.seqthink.http;
