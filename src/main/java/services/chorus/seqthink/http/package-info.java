/**
 * How a request's body is received, whatever the route, and whom outgoing connections trust. Open
 * to every room; knows none of them.
 */
package services.chorus.seqthink.http;
