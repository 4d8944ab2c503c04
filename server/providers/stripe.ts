/** How old a signature may be. */
const TOLERANCE_SECONDS = 300

type Signed = { payload: Uint8Array; signature: string; secret: string; at: Date }

/**
 * The text of an event that Stripe has signed, if it has: with this secret, and at most five minutes before `at`. Otherwise
 * null. Stripe's own library says which; it is loaded when the first event comes.
 */
export async function signedText({ payload, signature, secret, at }: Signed): Promise<string | null> {
  const { Stripe } = await import('stripe')
  const { signature: signatures } = Stripe.webhooks
  if (!signatures) throw new Error('This version of the library of Stripe verifies nothing')
  const text = new TextDecoder().decode(payload)
  try {
    await signatures.verifyHeaderAsync(text, signature, secret, TOLERANCE_SECONDS, undefined, at.getTime())
    return text
  } catch {
    // It throws other errors than its own at a header that is cut short.
    return null
  }
}
