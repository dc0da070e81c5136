/**
 * Puts the service together: the list of all settings, CDI producers (in Quarkus every method with
 * a scope is one), start and stop, and the meters of parts that do not know them. The only package
 * that knows all others but the commands.
 */
package services.chorus.seqthink.app;
