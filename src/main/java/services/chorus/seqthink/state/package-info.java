/** State that a gateway keeps between requests, in memory or shared by replicas in Redis. */
package services.chorus.seqthink.state;
