/** The entry point and its commands. No other package uses this one. */
package services.chorus.seqthink.cli;
