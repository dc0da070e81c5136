// The official SDK's client against the server at argv[2], under the caller tag argv[3].
// Prints what it got as one line of JSON.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [, , url, tag] = process.argv;
const client = new Client({ name: "interop", version: "1" });
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { "Seqthink-Caller": tag } },
  }),
);

const name = "sequentialthinking";
const thought = {
  thought: "a thought",
  nextThoughtNeeded: true,
  thoughtNumber: 2,
  totalThoughts: 1,
  branchFromThought: 1,
  branchId: "b",
};
await client.ping();
const { tools } = await client.listTools();
// Knowing the tools, the client checks structured content against their output schemas.
await client.callTool({ name, arguments: thought });
const second = await client.callTool({ name, arguments: thought });
const wrong = await client.callTool({ name, arguments: { ...thought, thoughtNumber: 0 } });
const unknown = await client.callTool({ name: "other", arguments: {} }).catch((error) => error);

console.log(
  JSON.stringify({
    server: client.getServerVersion(),
    tools: tools.map((tool) => tool.name),
    second: second.structuredContent,
    text: JSON.parse(second.content[0].text),
    wrong,
    unknown: unknown.code,
  }),
);
await client.close();
