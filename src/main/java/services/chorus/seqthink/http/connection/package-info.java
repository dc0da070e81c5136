/**
 * The connections of clients, below HTTP: how many there may be, how long they may be idle or leave
 * answers unread, and which bytes are HTTP/1.1.
 */
package services.chorus.seqthink.http.connection;
