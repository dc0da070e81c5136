package services.chorus.seqthink.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An nginx on loopback that terminates TLS 1.3 in front of a service; closing it ends it. It closes
 * connections that ask for another host than {@code localhost}.
 */
public final class NginxProxy implements AutoCloseable {

    /** Publishes the public routes, matched against the path that nginx resolved. */
    public static final String THREE_PATHS =
            """
            location = /mcp { include pass.conf; }
            location ^~ /mcp/ { include pass.conf; }
            location ^~ /.well-known/ { include pass.conf; }
            location = /health { include pass.conf; }
            location / { return 404; }
            """;

    /** Publishes the same routes, matched against the beginning of the path as sent. */
    public static final String THREE_PREFIXES =
            """
            location / {
                if ($request_uri !~ "^/(mcp|[.]well-known|health)") { return 404; }
                include pass.conf;
            }
            """;

    /** Hides two paths as they are sent, and passes on what nginx resolves. */
    public static final String NORMALIZING =
            """
            location / {
                if ($request_uri ~ "^/(metrics|ready)$") { return 404; }
                rewrite ^ $uri break;
                include pass.conf;
            }
            """;

    private static final String CONFIGURATION =
            """
            daemon off;
            master_process off;
            pid nginx.pid;
            events {}
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                ssl_protocols TLSv1.3;
                ssl_certificate %s;
                ssl_certificate_key %s;
                server {
                    listen 127.0.0.1:%d ssl default_server;
                    return 444;
                }
                server {
                    listen 127.0.0.1:%3$d ssl;
                    server_name localhost;
                    add_header Strict-Transport-Security max-age=31536000 always;
                    %s
                }
            }
            """;

    private static final String PASS =
            """
            proxy_pass http://127.0.0.1:%s;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            """;

    private final Process process;
    private final int port;

    private NginxProxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until its port is open.
     *
     * @param folder of its files
     * @param locations what it publishes
     */
    public static NginxProxy start(
            Path folder, Service service, CertificateFiles certificate, String locations)
            throws IOException {
        Path program =
                CommandLineTool.find("nginx")
                        .orElseGet(() -> CommandLineTool.missing("Install nginx"));
        int port = Service.freePort();
        Files.writeString(folder.resolve("pass.conf"), PASS.formatted(service.port()));
        Path configuration =
                Files.writeString(
                        folder.resolve("nginx.conf"),
                        CONFIGURATION.formatted(
                                certificate.certificate(), certificate.key(), port, locations));
        List<String> command =
                List.of(
                        program.toString(),
                        "-e",
                        "stderr",
                        "-p",
                        "" + folder,
                        "-c",
                        "" + configuration);
        Path log = folder.resolve("nginx.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        NginxProxy proxy = new NginxProxy(process, port);
        try {
            // written when its port is open; a connection to a closed port could reach itself
            await().until(() -> !process.isAlive() || Files.exists(folder.resolve("nginx.pid")));
            if (!process.isAlive()) {
                throw new AssertionError("nginx did not start:\n" + Files.readString(log));
            }
            return proxy;
        } catch (RuntimeException | Error e) {
            proxy.close();
            throw e;
        }
    }

    public String url() {
        return "https://localhost:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
