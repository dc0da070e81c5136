package services.chorus.seqthink.http.connection;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import jakarta.enterprise.inject.spi.CDI;

/**
 * Puts a {@link Connection} before all other handlers of every connection that a client opens to
 * this service. Vert.x shows a connection to its users only once TLS and the protocol are
 * negotiated, which is too late to limit connections that send nothing.
 */
public final class ConnectionGuard implements VertxServiceProvider {

    @Override
    public void init(VertxBuilder builder) {
        builder.findTransport(new GuardedTransport());
    }

    private static final class GuardedTransport extends JDKTransport {

        @Override
        public void configure(
                NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            // the only servers of this process are those of HTTP
            bootstrap.handler(new Acceptor(CDI.current().select(Connections.class).get()));
        }
    }

    /** Receives each accepted connection before its handlers are installed. */
    private static final class Acceptor extends ChannelInboundHandlerAdapter {

        private final Connections connections;

        Acceptor(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void channelRead(ChannelHandlerContext listener, Object accepted) {
            ((Channel) accepted).pipeline().addFirst(new Connection(connections));
            listener.fireChannelRead(accepted);
        }
    }
}
