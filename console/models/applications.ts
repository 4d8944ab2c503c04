import type { Application } from '../../server/contract/applications.ts'
import { ask } from '../api.ts'
import { counted } from '../format.ts'
import type { List } from './list.ts'
import { app } from './session.ts'
import { askFirst, say } from './telling.ts'
import { recount } from './waiting.ts'

type Reviewed = { application: Application; affiliate?: { code: string } }
type Outcome =
  | { id: string; ok: true; status: Application['status']; partnerId: string | null }
  | { id: string; ok: false; detail: string }

const MOST_AT_ONCE = 100

/** Asks for a code and approves. True once it is done. */
export function approve(list: List<Application>, { id, name, email }: Application) {
  return askFirst({
    title: `Approve ${name}?`,
    text: `${email} becomes a partner under the program's terms, and is told so by mail.`,
    verb: 'Approve',
    answer: { label: 'Code', hint: 'What stands in their links. Left empty, one is made from the name.', max: 64 },
    act: async code => {
      const { affiliate } = await review(list, id, { action: 'approve', ...(code && { code }) })
      say(`${name} is a partner${affiliate ? `, with the code ${affiliate.code}` : ''}`)
    },
  })
}

/** Asks for a reason and rejects. True once it is done. */
export function reject(list: List<Application>, { id, name }: Application) {
  return askFirst({
    title: `Reject ${name}?`,
    text: 'They are told so by mail.',
    verb: 'Reject',
    danger: true,
    answer: {
      label: 'Reason',
      hint: 'They read it as it stands here. Without one they are told only that it was not accepted.',
      area: true,
      max: 2000,
    },
    act: async rejectionReason => {
      await review(list, id, { action: 'reject', ...(rejectionReason && { rejectionReason }) })
      say(`${name} was rejected`)
    },
  })
}

async function review(list: List<Application>, id: string, body: object) {
  const reviewed = await ask<Reviewed>('POST', app(`/affiliates/applications/${id}/review`), { body })
  list.patch(id, reviewed.application)
  list.choose([id], false)
  void recount()
  return reviewed
}

/** Decides on several at once, each for itself: what cannot be done to one does not stop the others. */
export function reviewAll(list: List<Application>, ids: string[], action: 'approve' | 'reject') {
  const asked = ids.slice(0, MOST_AT_ONCE)
  const many = counted(asked.length, 'application')
  const isApproval = action === 'approve'
  return askFirst({
    title: `${isApproval ? 'Approve' : 'Reject'} ${many}?`,
    text: isApproval
      ? 'Each gets a code made from their name, and a mail.'
      : 'Each is told so by mail, with the reason given here.',
    verb: isApproval ? 'Approve' : 'Reject',
    danger: !isApproval,
    answer: isApproval ? undefined : { label: 'Reason', hint: 'All of them read it as it stands here.', area: true, max: 2000 },
    act: async rejectionReason => {
      const body = { ids: asked, action, ...(rejectionReason && { rejectionReason }) }
      const { data } = await ask<{ data: Outcome[] }>('POST', app('/affiliates/applications/bulk'), { body })
      for (const each of data) if (each.ok) list.patch(each.id, { status: each.status, partnerId: each.partnerId })
      const failed = data.filter(each => !each.ok)
      list.choose(
        data.filter(each => each.ok).map(each => each.id),
        false,
      )
      void recount()
      const done = counted(data.length - failed.length, 'application')
      say(`${done} ${isApproval ? 'approved' : 'rejected'}`)
      const [first] = failed
      if (first) say(`${counted(failed.length, 'application')} could not be: ${first.detail}`, 'bad')
    },
  })
}
