/** Meters under their exact names. Open to every room; knows none of them. */
package services.chorus.seqthink.telemetry;
