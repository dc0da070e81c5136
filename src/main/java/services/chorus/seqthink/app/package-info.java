/**
 * Composes the service: the list of all settings, CDI producers (in Quarkus every method with a
 * scope is one), start and stop, and the meters of parts that have none of their own. The only
 * package that uses all others except the commands.
 */
package services.chorus.seqthink.app;
