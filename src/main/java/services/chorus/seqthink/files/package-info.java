/**
 * Files that only their owner reads, written whole or not at all, and looked at until they change.
 * Open to every room.
 */
package services.chorus.seqthink.files;
