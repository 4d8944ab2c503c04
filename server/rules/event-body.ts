/** As much as one event may weigh, in bytes: what receivers are promised. */
export const MAX_BYTES = 20_000

type Event = { id: string; event: string; created_at: string; data: Record<string, unknown> }

/**
 * An event as the text that is signed and sent, of at most 20,000 bytes. Where it would weigh more its longest texts are
 * cut, the longest first, and end in an ellipsis.
 */
export function eventBody({ data, ...head }: Event): string {
  for (let longest = MAX_BYTES; ; longest = Math.floor(longest / 2)) {
    const text = JSON.stringify({ ...head, data }, (_, value) => (typeof value === 'string' ? cut(value, longest) : value))
    if (Buffer.byteLength(text) <= MAX_BYTES) return text
    if (longest < 64) return JSON.stringify({ ...head, data: { sequence: data.sequence, truncated: true } })
  }
}

function cut(text: string, longest: number) {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`
}
