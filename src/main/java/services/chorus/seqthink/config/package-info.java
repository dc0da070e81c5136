/**
 * Settings: their names, the sources of their values, and faults with the way to correct them.
 * Every feature declares its own settings as a {@code Section}; this package knows none of them.
 */
package services.chorus.seqthink.config;
