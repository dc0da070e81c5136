/** JSON that can be read in one way only. Open to every room; knows none of them. */
package services.chorus.seqthink.json;
