package services.chorus.seqthink.gateway;

/** A principal of one of our own mechanisms. */
interface Presenter {

    Presented presented();
}
