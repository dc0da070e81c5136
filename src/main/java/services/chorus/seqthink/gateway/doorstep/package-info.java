/**
 * What holds for every request and every answer, whichever route they belong to: the hosts and
 * origins that are listened to, and the headers that keep a browser from misusing an answer.
 */
package services.chorus.seqthink.gateway.doorstep;
