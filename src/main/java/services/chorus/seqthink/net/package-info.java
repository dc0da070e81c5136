/**
 * How a request's body is received, whatever the route, how others are asked, and whom outgoing
 * connections trust. Open to every room; knows none of them.
 */
package services.chorus.seqthink.net;
