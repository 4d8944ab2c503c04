const SOON_MS = 1_000

/**
 * What starting leaves behind as waste, a fifth of the memory in use, would stay until there is load. It is collected once,
 * a moment later, when whoever waited for the start has been answered. Nothing happens without Node's `--expose-gc`.
 */
export function giveBackSoon() {
  const { gc } = globalThis
  if (gc) setTimeout(() => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }), SOON_MS).unref()
}
