/** People leave `https://` out; a browser's address bar forgives that, and so does this. */
export function completeAddress(typed: string): string {
  const address = typed.trim()
  return /^[^\s/:]+\.[^\s/:]+/.test(address) ? `https://${address}` : address
}
