import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type Customer = { id: string; name: string; email: string; planId: string | null; about?: string }
export type Plan = { id: string; name: string; amount: number; currency: string }
export type Purchase = { id: string; customerId: string; plan: string; amount: number; currency: string; boughtAt: string }

/** Something that Mislata has still to be told. It stays until Mislata has said that it has it. */
export type Report = { path: '/v1/referrals' | '/v1/conversions'; body: Record<string, unknown> }

export type Books = ReturnType<typeof openBooks>

/**
 * The site's own records, with `people` in them from the start. With a `file` they outlive the process;
 * each change is on disk before the visitor gets an answer.
 */
export function openBooks(file: string | undefined, people: Customer[]) {
  const kept = file ? read(file) : undefined
  const books = kept ?? { customers: structuredClone(people), purchases: [], signedIn: {}, unreported: [], refused: [] }

  const save = () => file && write(file, books)
  const customer = (id: string | undefined) => books.customers.find(one => one.id === id)

  return {
    customers: () => books.customers,
    signedInBy: (ticket: string | undefined) => (ticket ? customer(books.signedIn[ticket]) : undefined),
    byEmail: (email: string) => books.customers.find(one => one.email.toLowerCase() === email.toLowerCase()),
    purchasesOf: (id: string) => books.purchases.filter(one => one.customerId === id).reverse(),
    nextReport: () => books.unreported[0],

    /** The new customer and, where a partner's link brought it, what Mislata has to know: one write. */
    signUp({ name, email, ref }: { name: string; email: string; ref: string | undefined }) {
      const made: Customer = { id: `c_${randomUUID().replaceAll('-', '').slice(0, 12)}`, name, email, planId: null }
      books.customers.push(made)
      if (ref) books.unreported.push({ path: '/v1/referrals', body: { ref, customerId: made.id, email } })
      save()
      return made
    },

    signIn(id: string) {
      const ticket = randomUUID()
      if (!customer(id)) return
      books.signedIn[ticket] = id
      save()
      return ticket
    },

    signOut(ticket: string) {
      delete books.signedIn[ticket]
      save()
    },

    /** Stores the purchase and the report of it together. The same order again, as from a double click, changes nothing. */
    buy(buyer: Customer, plan: Plan, order: string) {
      if (books.purchases.some(one => one.id === order)) return
      const boughtAt = new Date().toISOString()
      const { amount, currency } = plan
      books.purchases.push({ id: order, customerId: buyer.id, plan: plan.name, amount, currency, boughtAt })
      books.unreported.push({
        path: '/v1/conversions',
        body: { externalId: order, customerId: buyer.id, amount, currency, productId: plan.name, occurredAt: boughtAt },
      })
      buyer.planId = plan.id
      save()
    },

    reported(report: Report) {
      books.unreported = books.unreported.filter(one => one !== report)
      save()
    },

    /** Set aside for a person to look at, so that one bad report does not hold up those behind it. */
    refused(report: Report, reason: string) {
      books.unreported = books.unreported.filter(one => one !== report)
      books.refused.push({ ...report, reason })
      save()
    },
  }
}

type Contents = {
  customers: Customer[]
  purchases: Purchase[]
  signedIn: Record<string, string>
  unreported: Report[]
  refused: (Report & { reason: string })[]
}

function read(file: string): Contents | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Contents
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw new Error(`${file} cannot be read (${(error as Error).message}). Delete it to start the site's records afresh.`)
  }
}

// Written beside and moved into place, so that a crash leaves the old records or the new, never half.
function write(file: string, books: Contents) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(books, null, 2))
  renameSync(`${file}.new`, file)
}
