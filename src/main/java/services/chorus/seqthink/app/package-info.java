/**
 * Puts the service together: configuration, CDI producers, start and stop, and the meters of parts
 * that do not know them. The only package that knows all others but the commands.
 */
package services.chorus.seqthink.app;
