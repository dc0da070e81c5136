/**
 * The entry point and its commands, and the one place that puts the rooms together. Only {@code
 * serve} opens a port, and only after the whole configuration was found good.
 */
package services.chorus.seqthink.cli;
