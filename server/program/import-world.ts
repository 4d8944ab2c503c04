import { foldCode } from '../rules/code.ts'
import { foldEmail } from '../rules/email.ts'
import type { Found } from '../rules/import-rows.ts'
import * as imported from '../store/import.ts'
import * as store from '../store/import-known.ts'
import * as merges from '../store/partner-merges.ts'
import type { Db } from '../store/schema.ts'

/** What is known by some key: what the database has, and over it what has been planned and is not there yet. */
class Layer<V> {
  #there = new Map<string, V>()
  #planned = new Map<string, V>()
  get(key: string) {
    return this.#planned.get(key) ?? this.#there.get(key)
  }
  found(key: string, value: V) {
    this.#there.set(key, value)
  }
  plan(key: string, value: V) {
    this.#planned.set(key, value)
  }
  forget() {
    this.#there.clear()
  }
}

export type KnownName = { objectId: string; fingerprint: string }
export type KnownCode = { partnerId: string | null }
export type KnownSale = { id: string; externalId: string; isNew: boolean; partners: Map<string, boolean> }

/**
 * All that the rows of a batch have to be held against. In a dry run nothing comes to be there, so what was planned for
 * earlier batches stays known: some hundred bytes for each thing.
 */
export function world() {
  const layers = {
    partners: new Layer<store.KnownPartner>(),
    /** Into whom those partners have been merged that have been. */
    heirs: new Layer<string>(),
    partnerByEmail: new Layer<string>(),
    /** Which of the source's names a partner has. */
    partnerName: new Layer<string>(),
    partnerByName: new Layer<KnownName>(),
    codes: new Layer<KnownCode>(),
    customers: new Layer<store.KnownCustomer>(),
    customerByExternal: new Layer<string>(),
    customerByStripe: new Layer<string>(),
    customerByEmail: new Layer<string>(),
    customerByName: new Layer<KnownName>(),
    referrals: new Layer<store.KnownReferral>(),
    commissions: new Layer<store.KnownCommission>(),
    commissionByName: new Layer<KnownName>(),
    sales: new Layer<KnownSale>(),
  }
  return {
    ...layers,
    /** Only what was planned stays known. */
    forget: () => {
      for (const layer of Object.values(layers)) layer.forget()
    },
  }
}
export type World = ReturnType<typeof world>

/** Who has what is told of a partner: itself, or whoever it has been merged into in the end. */
export function heirOf(w: Pick<World, 'heirs'>, id: string): string {
  const into = w.heirs.get(id)
  return into === undefined ? id : heirOf(w, into)
}

type Place = { programId: string; source: string }

/** Reads what some rows will be asked about. With `lock` the commissions are held until the transaction ends. */
export async function look(db: Db, w: World, { programId, source }: Place, found: Found[], lock: boolean) {
  const wanted = wantedBy(found)
  const partnerNames = await imported.names(db, { programId, source, kind: 'partner' }, [...wanted.partnerKeys])
  const customerNames = await imported.names(db, { programId, source, kind: 'customer' }, [...wanted.customerKeys])
  for (const each of partnerNames) w.partnerByName.found(each.foreignKey, each)
  for (const each of customerNames) w.customerByName.found(each.foreignKey, each)

  const codes = await store.codes(db, programId, [...wanted.codes])
  for (const each of codes) w.codes.found(each.codeFold, each)
  const ids = [...partnerNames.map(each => each.objectId), ...codes.map(each => each.partnerId ?? '')].filter(Boolean)
  const partners = [
    ...(await store.partners(db, programId, 'id', [...new Set(ids)])),
    ...(await store.partners(db, programId, 'emailFold', [...wanted.emails])),
  ]
  for (const each of partners) {
    w.partners.found(each.id, each)
    w.partnerByEmail.found(each.emailFold, each.id)
  }
  for (const [from, into] of await merges.all(db, programId)) w.heirs.found(from, into)
  const heirs = partners.map(each => heirOf(w, each.id)).filter(id => !w.partners.get(id))
  for (const each of await store.partners(db, programId, 'id', [...new Set(heirs)])) w.partners.found(each.id, each)
  const owned = await imported.namesOf(db, { programId, source, kind: 'partner' }, [...new Set(partners.map(each => each.id))])
  for (const each of owned) {
    w.partnerName.found(each.objectId, each.foreignKey)
    w.partnerByName.found(each.foreignKey, each)
  }
  await lookForCustomers(db, w, programId, { ...wanted, ids: customerNames.map(each => each.objectId) })
  await lookForCommissions(db, w, { programId, source }, wanted, lock)
}

async function lookForCustomers(
  db: Db,
  w: World,
  programId: string,
  wanted: Pick<Wanted, 'externalIds' | 'stripeIds' | 'customerEmails'> & { ids: string[] },
) {
  const { rows, aliases, stripes } = await store.customers(db, programId, {
    externalIds: [...wanted.externalIds],
    stripeIds: [...wanted.stripeIds],
    emailFolds: [...wanted.customerEmails],
    ids: wanted.ids,
  })
  for (const each of rows) {
    w.customers.found(each.id, each)
    w.customerByExternal.found(each.id, each.id)
    if (each.externalId !== null) w.customerByExternal.found(each.externalId, each.id)
    // Of several of one address the host's own is meant, and of these the first.
    const known = each.emailFold === null ? undefined : w.customers.get(w.customerByEmail.get(each.emailFold) ?? '')
    if (each.emailFold !== null && (!known || (known.externalId === null && each.externalId !== null)))
      w.customerByEmail.found(each.emailFold, each.id)
  }
  for (const { alias, customerId } of aliases) w.customerByExternal.found(alias, customerId)
  for (const { stripeId, customerId } of stripes)
    if (customerId) w.customerByStripe.found(stripeId, w.customerByExternal.get(customerId) ?? customerId)
  const ids = [...new Set(rows.map(each => each.id))]
  for (const each of await store.referrals(db, programId, ids)) w.referrals.found(each.customerId, each)
}

async function lookForCommissions(db: Db, w: World, { programId, source }: Place, wanted: Wanted, lock: boolean) {
  const names = await imported.names(db, { programId, source, kind: 'commission' }, [...wanted.commissions])
  for (const each of names) w.commissionByName.found(each.foreignKey, each)
  const ids = names.map(each => each.objectId)
  for (const each of await store.commissions(db, programId, ids, lock)) w.commissions.found(each.id, each)
  const { aliases, known, earned } = await store.sales(db, programId, [...wanted.sales])
  for (const each of known) {
    const partners = earned
      .filter(one => one.conversionId === each.id)
      .map(one => [heirOf(w, one.partnerId), JSON.parse(one.why).imported !== undefined] as const)
    w.sales.found(each.externalId, { ...each, isNew: false, partners: new Map(partners) })
  }
  for (const { name, externalId } of aliases) {
    const sale = w.sales.get(externalId)
    if (sale) w.sales.found(name, sale)
  }
}

type Wanted = ReturnType<typeof wantedBy>

function wantedBy(found: Found[]) {
  const sets = () => new Set<string>()
  const wanted = {
    ...{ partnerKeys: sets(), emails: sets(), codes: sets(), customerKeys: sets(), externalIds: sets() },
    ...{ stripeIds: sets(), customerEmails: sets(), commissions: sets(), sales: sets() },
  }
  const add = (set: Set<string>, ...values: (string | null)[]) => {
    for (const value of values) if (value !== null && value !== '') set.add(value)
  }
  for (const each of found) {
    const owner = each.noun === 'partner' ? { ...each, code: null } : each.owner
    add(wanted.partnerKeys, owner.id)
    add(wanted.emails, owner.email && foldEmail(owner.email))
    add(wanted.codes, owner.code && foldCode(owner.code))
    if (each.noun === 'partner') {
      add(wanted.codes, ...each.codes.map(foldCode))
      continue
    }
    add(wanted.customerKeys, each.customer.key)
    add(wanted.externalIds, each.customer.externalId)
    add(wanted.stripeIds, each.customer.stripeId)
    add(wanted.customerEmails, each.customer.email && foldEmail(each.customer.email))
    if (each.noun === 'commission') {
      add(wanted.commissions, each.key)
      add(wanted.sales, each.sale?.externalId ?? null)
    }
  }
  return wanted
}
