import { foldCode, suggestCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import { fingerprintOf, type NewPartner } from '../rules/import-rows.ts'
import type { KnownPartner } from '../store/import-known.ts'
import { searchText } from '../store/partners.ts'
import { randomText } from './ids.ts'
import { idOf, name, type Plan, refuse, type Told } from './import-plan.ts'
import { heirOf } from './import-world.ts'

/** Makes a partner of a row, or of the one that it means what the row says; with its codes, as many as are still free. */
export function planPartner(plan: Plan, row: NewPartner): Told[] {
  const { w } = plan
  const says = fingerprintOf(row)
  const named = row.id === null ? undefined : w.partnerByName.get(row.id)
  const mailed = w.partnerByEmail.get(foldEmail(row.email))
  const known = w.partners.get(named?.objectId ?? mailed ?? '')
  if (!known) return made(plan, row, says)

  if (/^erased-.*@invalid$/.test(known.email))
    return [refuse('partner', 'person_erased', 'The person has been erased here, and is not brought back.')]
  const other = w.partnerName.get(known.id)
  const isTaken = named
    ? mailed !== undefined && mailed !== named.objectId
    : row.id !== null && other !== undefined && other !== row.id
  if (isTaken) return [refuse('partner', 'email_taken', `${row.email} is the address of another partner.`)]
  const before = named ?? w.partnerByName.get(known.id)
  const codes = row.codes.map(code => planCode(plan, heirOf(w, known.id), code, row.createdAt ?? plan.now))
  if (before?.fingerprint === says) return [{ noun: 'partner', outcome: 'unchanged', id: known.id }, ...codes]
  name(plan, 'partner', row.id ?? known.id, { id: known.id, says })
  // Of one that was here by itself only what nobody has said yet is filled in.
  const change = before ? changed(plan, known, row) : filled(known, row)
  if (!Object.keys(change).length) return [{ noun: 'partner', outcome: 'unchanged', id: known.id }, ...codes]
  const after = { ...known, ...change }
  w.partners.plan(known.id, after)
  if (after.emailFold !== known.emailFold) w.partnerByEmail.plan(after.emailFold, known.id)
  plan.writes.partnerChanges.push({ id: known.id, change: { ...change, searchText: searchText(after) } })
  return [{ noun: 'partner', outcome: 'changed', id: known.id }, ...codes]
}

function made(plan: Plan, row: NewPartner, says: string): Told[] {
  const { w, program, now, writes } = plan
  const id = idOf(plan, 'par')
  const createdAt = row.createdAt ?? now
  const { email, firstName, lastName, company, website, payoutMethod, payoutEmail, ratePpm } = row
  const codes = row.codes.map(code => planCode(plan, id, code, createdAt))
  const own = codes.filter(each => each.outcome === 'created').map(each => each.key ?? '')
  const slug = own.find(code => /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/.test(code)) ?? own[0] ?? freeCode(plan, row)
  const partner = {
    ...{
      id,
      email,
      emailFold: foldEmail(email),
      firstName,
      lastName,
      company,
      website,
      slug,
      ratePpm,
      payoutMethod,
      payoutEmail,
    },
    createdAt,
    activatedAt: row.standing === 'active' ? createdAt : null,
    deactivatedAt: row.standing === 'deactivated' ? now : null,
  }
  writes.partners.push({
    ...partner,
    programId: program.id,
    customerId: null,
    stripeAccountId: null,
    metadata: null,
    searchText: searchText(partner),
  })
  w.partners.plan(id, partner)
  w.partnerByEmail.plan(partner.emailFold, id)
  name(plan, 'partner', row.id ?? id, { id, says })
  const told: Told[] = [{ noun: 'partner', outcome: 'created', id }, ...codes]
  if (own.length) return told
  const message = row.codes.length ? 'None of its own codes could be had.' : 'It had no code.'
  return [...told, { ...planCode(plan, id, slug, createdAt), message: `${message} This one was made for it.` }]
}

/** Takes a code for a partner as it is written: old links have it in them. */
function planCode(plan: Plan, partnerId: string, code: string, createdAt: string): Told {
  const { w, writes, program } = plan
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (code.length > 255 || /[\u0000-\u001f\u007f]/.test(code))
    return refuse(
      'code',
      'code_invalid',
      'The code is longer than 255 characters, or has one that no link has.',
      code.slice(0, 60),
    )
  const known = w.codes.get(foldCode(code))
  if (known?.partnerId === partnerId) return { noun: 'code', key: code, outcome: 'unchanged' }
  if (known) return refuse('code', 'code_taken', `The code ${code} is another's here.`, code)
  w.codes.plan(foldCode(code), { partnerId })
  const row = { programId: program.id, code, codeFold: foldCode(code), partnerId, customerId: null, label: null, createdAt }
  writes.codes.push({ ...row, retiredAt: null })
  return { noun: 'code', key: code, outcome: 'created' }
}

// Twelve characters of chance: nobody looks whether it is free, because it is.
function freeCode({ w }: Plan, { firstName, email }: NewPartner) {
  for (let length = 8; ; length++) {
    const code = suggestCode(firstName ?? email.split('@')[0] ?? '', randomText(length).toUpperCase())
    if (!w.codes.get(foldCode(code))) return code
  }
}

const details = ['firstName', 'lastName', 'company', 'website', 'payoutMethod', 'payoutEmail', 'ratePpm'] as const

function filled(known: KnownPartner, row: NewPartner): Partial<KnownPartner> {
  return Object.fromEntries(details.filter(each => known[each] === null && row[each] !== null).map(each => [each, row[each]]))
}

function changed({ now }: Plan, known: KnownPartner, row: NewPartner): Partial<KnownPartner> {
  const named = details.filter(each => row[each] !== null && row[each] !== known[each]).map(each => [each, row[each]])
  const emailFold = foldEmail(row.email)
  return {
    ...Object.fromEntries(named),
    ...(emailFold !== known.emailFold && { email: row.email, emailFold }),
    // Whom somebody has deactivated here stays so, whatever the source says.
    ...(row.standing === 'deactivated' && known.deactivatedAt === null && { deactivatedAt: now }),
    ...(row.standing === 'active' && known.activatedAt === null && { activatedAt: row.createdAt ?? now }),
  }
}
