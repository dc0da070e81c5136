package services.chorus.seqthink.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsDataWithAnyLineEnding(String end) {
        String stream = "event: message|id: 1|data: one||data:two|data: lines|||data: three||";

        assertThat(events(stream.replace("|", end), 1024))
                .containsExactly("one", "two\nlines", "three");
    }

    @Test
    void ignoresOtherFields() {
        assertThat(events(": comment\nretry: 10\ndatabase: x\nid: 7\n\ndata: yes\n\n", 1024))
                .containsExactly("yes");
    }

    @Test
    void ignoresEmptyData() {
        assertThat(events("id: 1\ndata:\n\ndata\n\ndata: yes\n\n", 1024)).containsExactly("yes");
    }

    @Test
    void removesOnlyTheFirstSpace() {
        assertThat(events("data:  a \n\n", 1024)).containsExactly(" a ");
    }

    @Test
    void dropsAnUnfinishedEvent() {
        assertThat(events("data: yes\n\ndata: no\n", 1024)).containsExactly("yes");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 13})
    void readsChunksOfAnySize(int size) {
        assertThat(events("data: caf\u00e9\r\ndata: \ud83e\udde0\r\n\r\ndata: 2\r\n\r\n", size))
                .containsExactly("caf\u00e9\n\ud83e\udde0", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1024})
    void distinguishesTheEndOfALineFromAnEmptyLine(int size) {
        assertThat(events("data: 1\r\ndata: 2\r\n\r\ndata: 3\r\r\ndata: 4\n\rdata: 5\r\n\n", size))
                .containsExactly("1\n2", "3", "4", "5");
    }

    private static List<String> events(String stream, int chunk) {
        EventStream events = new EventStream();
        byte[] bytes = stream.getBytes(UTF_8);
        List<String> data = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += chunk) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(at + chunk, bytes.length));
            events.accept(part).forEach(event -> data.add(new String(event, UTF_8)));
        }
        return data;
    }
}
