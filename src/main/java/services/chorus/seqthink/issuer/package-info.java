/**
 * The built-in token authority: its endpoints, and below them its clients and how they authenticate
 * ({@code clients}), its signing keys ({@code keys}), the tokens that were revoked ({@code
 * revoked}), the files of all of them ({@code store}) and their backup ({@code recovery}).
 */
package services.chorus.seqthink.issuer;
