/** What a door remembers between requests. */
package services.chorus.seqthink.state;
