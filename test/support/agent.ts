import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** An agent's side, by the protocol's own client. */
export interface Agent {
  tools(): Promise<string[]>;
  /** The sentence, the data, and whether the tool failed. */
  call(name: string, given: object): Promise<{ text: string; data: Record<string, unknown>; isError: boolean }>;
  close(): Promise<void>;
}

/** Connects to a server with a token; rejects with what it answers. */
export async function connectAgent(url: string, token: string): Promise<Agent> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
  await client.connect(transport);
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, given) {
      const result = await client.callTool({ name, arguments: { ...given } });
      const [first] = result.content as { text?: string }[];
      return {
        text: first?.text ?? '',
        data: (result.structuredContent ?? {}) as Record<string, unknown>,
        isError: result.isError === true,
      };
    },
    close: () => client.close(),
  };
}
