import type { NewApplication, Review } from '../contract/applications.ts'
import { Problem } from '../problem.ts'
import { suggestCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import type { Application } from '../store/applications.ts'
import * as applications from '../store/applications.ts'
import * as codes from '../store/codes.ts'
import * as customers from '../store/customers.ts'
import { inTransaction, isTaken } from '../store/database.ts'
import * as mails from '../store/mails.ts'
import type { Partner } from '../store/partners.ts'
import * as partners from '../store/partners.ts'
import type { Program } from '../store/programs.ts'
import type { Db } from '../store/schema.ts'
import { announce } from './announce.ts'
import { record } from './audit.ts'
import { type Desk, nowIn } from './desk.ts'
import { inTransactionOnce } from './idempotency.ts'
import { newId, randomText } from './ids.ts'
import { postUnasked } from './mails.ts'
import { applicationApproved, applicationCreated, applicationRejected } from './news.ts'
import { add as addPartner } from './partners.ts'

/**
 * Keeps an application, pending; `autoApprove` decides it in the same transaction. Undefined where the address has
 * applied before or is a partner's: then nothing changes.
 */
export async function apply(
  desk: Desk,
  program: Program,
  wanted: NewApplication,
  tokenHash: string | null,
): Promise<Application | undefined> {
  const answers = checkedAnswers(program, wanted.answers ?? {})
  try {
    return await inTransactionOnce(desk, async db => {
      const emailFold = foldEmail(wanted.email)
      if (await partners.byEmail(db, program.id, emailFold)) return undefined
      const application = await applications.insert(db, {
        id: newId('apl', desk.clock()),
        programId: program.id,
        email: wanted.email,
        emailFold,
        name: wanted.name,
        company: wanted.company || null,
        website: wanted.website || null,
        reason: wanted.reason || null,
        answers: JSON.stringify(answers),
        tokenHash,
        createdAt: nowIn(desk, program).toISOString(),
      })
      if (!application) return undefined
      await record(desk, db, program, { action: 'application.created', object: application.id })
      await announce(desk, db, program, applicationCreated(application))
      if (program.settings.autoApprove) await approve(desk, db, program, application, { decidedBy: 'program:autoApprove' })
      return application
    })
  } catch (error) {
    // Approving by itself: somebody has made a partner of the address since it was looked up.
    if (isTaken(error, 'email_fold') || (error instanceof Problem && error.code === 'partner_exists')) return undefined
    throw error
  }
}

/**
 * Tells the owner of a known address by mail what the page must not tell whoever typed it: once a day at most, so that
 * the form cannot be used to flood somebody.
 */
export function tellKnown(desk: Desk, program: Program, email: string) {
  const kind = 'application_known'
  const yesterday = new Date(desk.clock().getTime() - 86_400_000).toISOString()
  return inTransaction(desk.database, async db => {
    if (await mails.queuedSince(db, { programId: program.id, recipient: foldEmail(email), kind, since: yesterday })) return
    await postUnasked(desk, db, program, kind, { to: foldEmail(email) })
  })
}

/**
 * Decides an application once. Approval makes the partner, its customer and its code in the same transaction.
 * 409 where it was decided before, or where the code or the address is taken; then nothing changes.
 */
export async function review(desk: Desk, program: Program, id: string, decision: Review & { decidedBy: string }) {
  try {
    return await inTransactionOnce(desk, async db => {
      const application = await applications.byId(db, program.id, id)
      if (!application) throw new Problem('application_not_found')
      if (decision.action === 'approve') return approve(desk, db, program, application, decision)
      const rejected = await decide(desk, db, program, application, {
        decision: 'rejected',
        decidedBy: decision.decidedBy,
        rejectionReason: decision.rejectionReason || null,
      })
      await announce(desk, db, program, applicationRejected(rejected))
      return { application: rejected, partner: undefined }
    })
  } catch (error) {
    if (isTaken(error, 'email_fold')) throw new Problem('partner_exists')
    if (isTaken(error, 'customer_id')) throw new Problem('customer_is_partner')
    throw error
  }
}

async function approve(
  desk: Desk,
  db: Db,
  program: Program,
  application: Application,
  { code, decidedBy }: { code?: string | undefined; decidedBy: string },
) {
  await decide(desk, db, program, application, { decision: 'approved', decidedBy, rejectionReason: null })
  if (await partners.byEmail(db, program.id, application.emailFold)) throw new Problem('partner_exists')
  const now = nowIn(desk, program).toISOString()
  const [firstName = null, ...rest] = application.name.split(/\s+/)
  const partner = await addPartner(desk, db, program, {
    email: application.email,
    slug: code ?? (await freeCode(db, program, application.name)),
    firstName,
    lastName: rest.join(' ') || null,
    company: application.company,
    website: application.website,
    customerId: await customerOf(desk, db, program, application, now),
    ratePpm: null,
    payoutMethod: null,
    payoutEmail: null,
    metadata: null,
    createdAt: now,
    activatedAt: now,
  })
  const customer = await customers.byId(db, program.id, partner.customerId ?? '')
  await announce(desk, db, program, applicationApproved(application, partner, customer))
  return { application: await applications.setPartner(db, application.id, partner.id), partner: partner as Partner | undefined }
}

type Outcome = { decision: 'approved' | 'rejected'; decidedBy: string; rejectionReason: string | null }

async function decide(desk: Desk, db: Db, program: Program, application: Application, outcome: Outcome) {
  const decided = await applications.decide(db, { id: application.id, decidedAt: nowIn(desk, program).toISOString(), ...outcome })
  if (!decided) throw new Problem('already_reviewed')
  await record(desk, db, program, {
    action: `application.${outcome.decision}`,
    object: decided.id,
    before: { status: 'pending' },
    after: { status: outcome.decision, ...outcome },
  })
  return decided
}

/** The customer whom the host knows by the applicant's address, or a new one. */
async function customerOf(desk: Desk, db: Db, program: Program, application: Application, now: string) {
  for (const known of await customers.byEmail(db, program.id, application.emailFold)) {
    if (!(await partners.byCustomer(db, program.id, known.id))) return known.id
  }
  const id = newId('cus', desk.clock())
  const { email, emailFold, name } = application
  await customers.insert(db, { id, programId: program.id, externalId: null, email, emailFold, name, createdAt: now })
  return id
}

async function freeCode(db: Db, program: Program, name: string) {
  for (let length = 3; ; length++) {
    const code = suggestCode(name, randomText(length).toUpperCase())
    if (!(await codes.find(db, program.id, code))) return code
  }
}

/** Answers to the questions that the program asks, and to no others. */
function checkedAnswers(program: Program, answers: Record<string, string>) {
  const kept: Record<string, string> = {}
  for (const field of program.settings.brand.applyFields) {
    const answer = answers[field.name]?.trim() ?? ''
    const path = `answers.${field.name}`
    if (!answer && field.required) throw Problem.at(path, 'Please answer this.')
    if (answer && field.type === 'select' && !field.options.includes(answer)) throw Problem.at(path, 'Choose one of the options.')
    if (answer && field.type === 'url' && !/^https?:$/.test(URL.parse(answer)?.protocol ?? ''))
      throw Problem.at(path, 'Begin with https://.')
    if (answer) kept[field.name] = answer
  }
  return kept
}
