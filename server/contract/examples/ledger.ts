import { later } from './sample.ts'
import type { Examples } from './shape.ts'

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

export const ledger: Examples = {
  'GET /v1/apps/{appId}/ledger/verify': {
    id: 'verifyLedger',
    says: 'Makes every balance again from the journal, and holds against it everything that is kept beside it, and the chain of hashes. `findings` names what does not agree; there is none while all is well. Note `chain` somewhere else from time to time, and give it the next time: then nobody can have written the books anew meanwhile.',
    query: {
      length: ['The length of the chain when it was noted; with `head`.', '1'],
      head: ['The head that it had then.', hash],
    },
    replies: {
      200: {
        ok: true,
        checkedAt: later,
        transactions: 1,
        entries: 2,
        commissions: 1,
        payouts: 0,
        chain: { length: 1, head: hash },
        balances: [
          { account: 'commission_expense', currency: 'EUR', amount: -11_960 },
          { account: 'partner_earnings', currency: 'EUR', amount: 11_960 },
        ],
        found: 0,
        findings: [],
      },
    },
  },
}
