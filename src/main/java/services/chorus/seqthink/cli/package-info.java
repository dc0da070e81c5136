/** The entry point and its commands. Nothing here is needed by another package. */
package services.chorus.seqthink.cli;
