/**
 * How an operator's words reach the rooms: the variables each room declares, what is wrong with
 * their values, and how to put it right. Open to every room; knows none of them.
 */
package services.chorus.seqthink.config;
