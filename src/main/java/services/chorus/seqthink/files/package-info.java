/** Files that only their owner reads, written whole or not at all. Open to every room. */
package services.chorus.seqthink.files;
