// Preloaded into servers that would listen on every address.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  const named = typeof port === "object" || rest.some((each) => typeof each === "string");
  return named ? listen.call(this, port, ...rest) : listen.call(this, port, "127.0.0.1", ...rest);
};
