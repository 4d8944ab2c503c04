import type { ListToolsResult } from '@modelcontextprotocol/server'
import { type Context, Hono } from 'hono'
import { McpMessage, McpReply } from '../contract/mcp.ts'
import { door, type Server } from '../door.ts'
import type { Document } from '../openapi/document.ts'
import { Problem } from '../problem.ts'
import { type Arguments, type Asking, requestOf } from './mcp-calls.ts'
import { offeredTo, type Tool, toolsOf } from './mcp-tools.ts'

type Listed = ListToolsResult['tools'][number]
type Api = {
  document(c: Context): Promise<Document>
  /** Answers a request as the whole app does. */
  fetch(request: Request, env: unknown): Response | Promise<Response>
}

const instructions =
  'A partner programme: partners and what they earn, applications, and customers who refer customers for rewards. Amounts are minor units unless a tool says otherwise; times are UTC. A refused call says why under "code" and "detail", and has changed nothing.'

/**
 * The Model Context Protocol over HTTP, without sessions: each post is answered for itself. A tool stands for a route;
 * calling it sends that route a request with the caller's own credential.
 */
export function mcp(server: Server, api: Api) {
  let tools: Promise<Tool[]> | undefined
  return new Hono().post(
    '/mcp',
    ...door(
      server,
      {
        summary: 'Speak the Model Context Protocol',
        tag: 'Running it',
        who: ['secret', 'admin'],
        body: McpMessage,
        replies: { 200: McpReply, 202: null },
      },
      async ({ c, caller, body }) => {
        // A page that has reached this address under another name must not speak for whoever looks at it.
        const origin = c.req.header('origin')
        if (origin !== undefined && origin !== new URL(server.publicUrl).origin) throw new Problem('origin_not_allowed')
        tools ??= api.document(c).then(toolsOf)
        const offered = offeredTo(caller.kind, await tools)
        return speak(c, body, offered, (tool, given) => call(tool, given, { c, server, caller, api }))
      },
    ),
  )
}

/** Loaded when somebody first speaks it, because it takes time and memory that most servers never need. */
async function speak(
  c: Context,
  message: unknown,
  tools: Tool[],
  use: (tool: Tool, given: Arguments) => ReturnType<typeof call>,
) {
  const {
    createMcpHandler,
    isLegacyRequest,
    ProtocolError,
    ProtocolErrorCode,
    Server,
    WebStandardStreamableHTTPServerTransport,
  } = await import('@modelcontextprotocol/server')

  const speaker = () => {
    const made = new Server(
      { name: 'mislata', title: 'Mislata', version: '0.1.0' },
      { capabilities: { tools: {} }, instructions },
    )
    made.setRequestHandler('tools/list', () => ({ tools: tools.map(listed) }))
    made.setRequestHandler('tools/call', ({ params }) => {
      const tool = tools.find(each => each.name === params.name)
      if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool called ${params.name}.`)
      return use(tool, params.arguments ?? {})
    })
    return made
  }

  // The body has been read. Nothing is ever streamed, so one who takes no streams is answered as well.
  const request = new Request(c.req.raw.url, {
    method: 'POST',
    headers: { ...c.req.header(), accept: 'application/json, text/event-stream' },
  })
  if (!(await isLegacyRequest(request, message))) {
    const handler = createMcpHandler(speaker, { legacy: 'reject', maxSubscriptions: 0 })
    return handler.fetch(request, { parsedBody: message })
  }
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
  await speaker().connect(transport)
  return transport.handleRequest(request, { parsedBody: message })
}

function listed({ name, title, description, inputSchema, annotations }: Tool): Listed {
  return { name, title, description, inputSchema: inputSchema as Listed['inputSchema'], annotations }
}

type Call = { c: Context; server: Server; caller: Asking; api: Api }

/** What the tool's route answers; a problem is the tool's error, with its code. */
async function call(tool: Tool, given: Arguments, { c, server, caller, api }: Call) {
  const { body, ok } = await asked(tool, given, { c, server, caller, api })
  return {
    content: [{ type: 'text' as const, text: JSON.stringify(body) }],
    structuredContent: body,
    ...(!ok && { isError: true }),
  }
}

async function asked(tool: Tool, given: Arguments, { c, server, caller, api }: Call) {
  try {
    const reply = await api.fetch(await requestOf(tool, given, { c, server, caller }), c.env)
    return { body: (await reply.json()) as Record<string, unknown>, ok: reply.ok }
  } catch (error) {
    if (error instanceof Problem) return { body: error.body() as Record<string, unknown>, ok: false }
    throw error
  }
}
