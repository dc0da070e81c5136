/**
 * Files that only their owner can read, files that are written completely or not at all, and files
 * that are watched for changes.
 */
package services.chorus.seqthink.files;
