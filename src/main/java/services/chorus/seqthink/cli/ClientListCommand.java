package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.json.StrictJson;

@Command(
        name = "list",
        description = {
            "List the clients with authentication method, state, expiry, last use and scopes.",
            "A running issuer records the last use within a minute."
        })
final class ClientListCommand extends ClientCommand.ClientsCommand {

    @Option(names = "--json", description = "Print an array of JSON objects, with all properties.")
    boolean json;

    @Override
    public Integer call() throws CommandFailed {
        Opened opened = open();
        if (Files.notExists(opened.file())) {
            throw new CommandFailed(
                    "there is no file %s: check the path, or create it with client add"
                            .formatted(opened.file()));
        }
        Clients clients = opened.clients();
        Map<String, Instant> used = times(opened.used());
        PrintStream out = out();
        if (json) {
            ArrayNode all = StrictJson.object().arrayNode();
            clients.all().forEach(each -> all.add(described(each, lastUsed(each, used))));
            StrictJson.pretty(all).lines().forEach(out::println);
        } else {
            clients.all().forEach(each -> print(each, lastUsed(each, used), out));
        }
        return ExitCode.OK;
    }

    /** Empty when unreadable: the list is useful without them. */
    private Map<String, Instant> times(LastUsed used) {
        try {
            return used.times();
        } catch (StoreException e) {
            err().println("warning: " + e.getMessage());
            return Map.of();
        }
    }

    /** Ignores the time of an earlier client with the same id. */
    private static Optional<Instant> lastUsed(Client client, Map<String, Instant> used) {
        return Optional.ofNullable(used.get(client.clientId()))
                .filter(time -> !time.isBefore(client.createdAt().minusSeconds(1)));
    }

    private static void print(Client client, Optional<Instant> lastUsed, PrintStream out) {
        out.printf(
                "%-20s  %-15s  %-8s  expires %-20s  used %-20s  %s%n",
                client.clientId(),
                client.method(),
                state(client),
                text(client.expiresAt()),
                text(lastUsed),
                String.join(" ", client.scopes()));
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("-");
    }

    private static ObjectNode described(Client client, Optional<Instant> lastUsed) {
        ObjectNode node =
                StrictJson.object()
                        .put("client_id", client.clientId())
                        .put("method", client.method())
                        .put("state", state(client))
                        .put("created_at", client.createdAt().toString())
                        .put("require_dpop", client.requiresDpop())
                        .put("introspect", client.mayIntrospect());
        client.scopes().forEach(node.putArray("scopes")::add);
        client.thumbprints().forEach(node.withArray("key_thumbprints")::add);
        client.ageRecipient().ifPresent(own -> node.put("age_recipient", own));
        client.expiresAt().ifPresent(end -> node.put("expires_at", end.toString()));
        client.formerUntil().ifPresent(end -> node.put("former_until", end.toString()));
        lastUsed.ifPresent(time -> node.put("last_used", time.toString()));
        return node;
    }

    private static String state(Client client) {
        return client.stateAt(CLOCK.instant()).name().toLowerCase(Locale.ROOT);
    }
}
