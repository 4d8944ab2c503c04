import { at, ids } from './sample.ts'
import type { Examples } from './shape.ts'

const url = `https://partners.example.com/v1/integrations/stripe/${ids.program}`
const connected = { connected: true, url, hint: 'x9Qz', createdAt: at }
const nothing = { connected: false, url, hint: null, createdAt: null }

export const stripe: Examples = {
  'GET /v1/apps/{appId}/integrations/stripe': {
    id: 'getStripeConnection',
    says: 'Whether a signing secret is set, and the address to give to Stripe. The secret itself is shown nowhere.',
    replies: { 200: connected },
  },
  'PUT /v1/apps/{appId}/integrations/stripe': {
    id: 'connectStripe',
    says: "Sets the signing secret that Stripe shows for the webhook endpoint with this program's `url`. It is kept sealed, and takes the place of one that was set before.",
    body: { webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLx9Qz' },
    replies: { 200: connected },
  },
  'DELETE /v1/apps/{appId}/integrations/stripe': {
    id: 'disconnectStripe',
    says: 'Forgets the signing secret: nothing that is sent is taken any more. What Stripe has told of stays.',
    replies: { 200: nothing },
  },
  'POST /v1/integrations/stripe/{appId}': {
    id: 'receiveStripeEvent',
    says: "Stripe's own webhooks: the event as Stripe sends it, with its `stripe-signature`. Each is acted upon once, in whatever order they come; one that means nothing here is answered alike.",
    replies: { 200: { received: true } },
    may: ['bad_signature', 'malformed_json', 'invalid', 'too_large', 'too_many_requests', 'customer_exists'],
  },
}
