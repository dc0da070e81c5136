/** The age file format: plain Java, no CDI, no HTTP, no I/O beyond streams. */
package services.chorus.seqthink.age;
