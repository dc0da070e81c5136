/** How a request's body is received, whatever the route. Open to every room; knows none of them. */
package services.chorus.seqthink.http;
