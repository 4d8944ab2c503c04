/** What is known of one dispute. `closedAt` and `outcome` are null while it is open. */
export type Dispute = { amount: number; openedAt: string; closedAt: string | null; outcome: 'lost' | 'released' | null }

/** A dispute as it was told of at a moment. */
export type Told = { amount: number; at: string; outcome: 'lost' | 'released' | null }

const ends: Record<string, 'lost' | 'released'> = {
  lost: 'lost',
  won: 'released',
  // An inquiry that never became a dispute, and a dispute that was settled before it was one.
  warning_closed: 'released',
  prevented: 'released',
}

/** What a dispute's status comes to: the money is lost, or it stays; null while that is not decided. */
export function outcomeOf(status: string) {
  return ends[status] ?? null
}

/**
 * What is known once more is told, in whatever order: a dispute that is closed stays closed although its opening is told of
 * late, and of two outcomes the later holds.
 */
export function merged(known: Dispute | undefined, { amount, at, outcome }: Told): Dispute {
  const now = { amount, openedAt: at, closedAt: outcome && at, outcome }
  if (!known) return now
  const openedAt = at < known.openedAt ? at : known.openedAt
  const larger = Math.max(amount, known.amount)
  const isLater = outcome !== null && rank(now) > rank(known)
  return { ...(isLater ? now : known), amount: larger, openedAt }
}

/** True while a commission has to wait for the outcome; not any more once somebody has released it by hand. */
export function isOpen({ closedAt, waivedAt }: { closedAt: string | null; waivedAt: string | null }) {
  return closedAt === null && waivedAt === null
}

// Of one second, what is released goes before what is lost: the one can only follow the other.
function rank({ closedAt, outcome }: Dispute) {
  return `${closedAt ?? ''} ${outcome ?? ''}`
}
