package services.chorus.seqthink.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.AuditRecords;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.SilentPeer;

/** A caller that disconnects during a call. */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(SilentPeer.class)
class GoneCallerTest {

    @TestHTTPResource URI service;

    Door door;
    SilentPeer peer;

    @Test
    void cancelsTheCallUpstream() throws Exception {
        Client caller = Client.stranger(door);
        AuditRecords audit = new AuditRecords(door.audit());
        int before = audit.decisions().size();
        byte[] body = caller.sealed(caller.request(Canaries.thought()));
        String head =
                """
                POST /mcp/tool HTTP/1.1\r
                Host: door\r
                Authorization: Bearer %s\r
                Content-Type: application/age\r
                Content-Length: %d\r
                \r
                """
                        .formatted(caller.token(), body.length);
        try (Socket socket = new Socket("127.0.0.1", service.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            assertThat(peer.called().await(20, SECONDS)).isTrue();
            assertThat(peer.givenUp().getCount()).isEqualTo(1);
        }
        assertThat(peer.givenUp().await(20, SECONDS)).isTrue();
        List<JsonNode> records = audit.after(before, 1);
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().get("outcome").textValue()).isEqualTo("failed");
        assertThat(records.getFirst().get("code").textValue()).isEqualTo("caller-gone");
        assertThat(records.getFirst().get("tool").textValue()).isEqualTo("sequentialthinking");
    }
}
