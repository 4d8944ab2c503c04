import { at, later, person, token } from './sample.ts'
import type { Examples } from './shape.ts'

export const signIn: Examples = {
  'POST /v1/auth/login': {
    id: 'signIn',
    says: 'Gives an admin a token. Who has set up a second factor sends its `code` too. After too many wrong passwords from an address or for an account, attempts are refused for a while. With `console` there is a cookie in place of the token.',
    body: { email: 'admin@acme.example', password: 'correct horse battery' },
    replies: { 200: { token, expiresAt: later } },
    may: ['wrong_login', 'second_factor_needed', 'wrong_second_factor', 'too_many_logins'],
  },
  'POST /v1/auth/logout': {
    id: 'signOut',
    says: "Ends the admin's session. Its token is refused from now on.",
    replies: { 200: { ended: true } },
  },
  'POST /v1/sessions': {
    id: 'createSession',
    says: 'Makes a token with which a page speaks for one customer whom the host has signed in, for the widget. It lives for 15 minutes, or as long as `expiresIn` says, up to an hour. `email` and `name` are believed.',
    body: { customerId: 'user_42', email: person.email, name: person.name, expiresIn: 900 },
    replies: { 201: { token, expiresAt: at } },
    may: ['customer_exists'],
  },
}

export const running: Examples = {
  'POST /mcp': {
    id: 'speakMcp',
    says: 'One message of the Model Context Protocol (Streamable HTTP, without sessions), for assistants. Tools are the referral system and what can be read of the rest; each passes the same checks as its route. An assistant asks `tools/list` for what there is.',
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_referrals', arguments: { status: 'review' } } },
    replies: { 200: { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: '{"data":[],"total":0}' }] } } },
    may: ['origin_not_allowed'],
  },
  'GET /healthz': { id: 'checkHealth', says: 'Answers as long as the process runs.', replies: { 200: { status: 'ok' } } },
  'GET /readyz': {
    id: 'checkReadiness',
    says: 'Answers 200 while the database answers and the server has not been told to stop; 503 otherwise.',
    replies: { 200: { status: 'ok' } },
  },
  'GET /metrics': {
    id: 'readMetrics',
    says: 'Figures in the text format of Prometheus: for whoever asks on the server’s own machine, and elsewhere for whoever sends `METRICS_TOKEN` as bearer. Where no token is set, there is nothing here for anybody else.',
    replies: { 200: 'mislata_clicks_total{outcome="new"} 214\n' },
    may: ['no_credential', 'bad_credential'],
  },
}
