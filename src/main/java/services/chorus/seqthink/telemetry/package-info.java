/** The meters, under their exact names. */
package services.chorus.seqthink.telemetry;
