/**
 * Settings: what can be set, where the values come from, what is wrong with them and how to put it
 * right. Every feature declares its own settings as a {@code Section}; this package knows none of
 * them.
 */
package services.chorus.seqthink.config;
