package services.chorus.seqthink.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** Reads {@code Accept: application/age; armor=true}. */
final class ArmorPreference {

    private ArmorPreference() {}

    /** Whether armor is asked for; a header that cannot be read asks for nothing. */
    static boolean of(HttpHeaders headers) {
        try {
            return headers.getAcceptableMediaTypes().stream()
                    .anyMatch(ArmorPreference::asksForArmor);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean asksForArmor(MediaType type) {
        return "application".equalsIgnoreCase(type.getType())
                && "age".equalsIgnoreCase(type.getSubtype())
                && "true".equalsIgnoreCase(type.getParameters().get("armor"));
    }
}
