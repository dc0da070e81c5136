/**
 * The built-in token authority: its endpoints, its clients and their authentication ({@code
 * clients}), its signing keys ({@code keys}), revoked tokens ({@code revoked}), the files of all
 * three ({@code store}) and their backup ({@code recovery}).
 */
package services.chorus.seqthink.issuer;
