/**
 * Files that only their owner reads, written whole or not at all, and files that are watched for
 * changes.
 */
package services.chorus.seqthink.files;
