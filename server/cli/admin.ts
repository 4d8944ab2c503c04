import * as v from 'valibot'
import { Role } from '../contract/roles.ts'
import { Email } from '../contract/text.ts'
import { byAddress, create, resetPassword, resetSecondFactor } from '../program/admin-by-hand.ts'
import { changeRole, remove } from '../program/admin-team.ts'
import type { Desk } from '../program/desk.ts'
import * as team from '../store/team.ts'
import { type Asked, type Command, Misused, OK, text } from './command.ts'
import { atDesk } from './desk.ts'
import { passwordFor } from './password.ts'
import { complain, say } from './terminal.ts'

const roles = Role.options.join(', ')

/** What each act is called, whether it takes an address, and the options that mean something to it. */
const acts: Record<string, { takes: number; options: string[]; run(desk: Desk, email: string, asked: Asked): Promise<void> }> = {
  list: { takes: 0, options: ['json'], run: list },
  create: { takes: 1, options: ['role', 'generate'], run: make },
  'reset-password': { takes: 1, options: ['generate'], run: replace },
  'reset-totp': { takes: 1, options: [], run: (desk, email) => resetSecondFactor(desk, email) },
  role: { takes: 1, options: ['role'], run: assign },
  remove: { takes: 1, options: [], run: async (desk, email) => remove(desk, (await byAddress(desk.database.db, email)).id) },
}

export const command: Command = {
  takes: 'list | create <email> | reset-password <email> | reset-totp <email> | role <email> | remove <email>',
  words: [1, 2],
  about: [
    'The server may be running: it knows at once. A password is asked for, or is the first line of standard input.',
    'Who has lost password or second factor gets another, and signs in anew. One owner always stays.',
  ],
  options: {
    role: { type: 'string', value: 'role', about: `One of ${roles}; create makes an owner if not said` },
    generate: { type: 'boolean', about: 'Make a password, and say it' },
    json: { type: 'boolean', about: 'List as JSON' },
  },
  run(asked) {
    const [name = '', address] = asked.words
    const act = Object.hasOwn(acts, name) ? acts[name] : undefined
    if (!act) throw new Misused(`It takes one of ${Object.keys(acts).join(', ')}`)
    if ((address === undefined) !== (act.takes === 0))
      throw new Misused(act.takes ? `${name} takes an address` : `${name} takes nothing more`)
    const stray = Object.keys(asked.options).find(option => !act.options.includes(option))
    if (stray) throw new Misused(`${name} does not take --${stray}`)
    const email = address === undefined ? '' : read(Email, address, `${address} is no e-mail address`)
    return atDesk({ writes: true }, async desk => {
      await act.run(desk, email, asked)
      if (name !== 'list') complain(`Done: ${name} ${email}`)
      return OK
    })
  },
}

async function list(desk: Desk, _: string, { options }: Asked) {
  const members = (await team.members(desk.database.db)).map(each => ({
    email: each.email,
    role: each.role,
    secondFactor: each.totpConfirmedAt !== null,
    createdAt: each.createdAt,
    seenAt: each.seenAt,
  }))
  if (options.json) return say(JSON.stringify(members, null, 2))
  const width = Math.max(0, ...members.map(each => each.email.length)) + 2
  for (const { email, role, secondFactor, seenAt } of members)
    say(
      `${email.padEnd(width)}${role.padEnd(11)}${secondFactor ? 'second factor   ' : 'password alone  '}${seenAt ? `seen ${seenAt}` : 'never seen'}`,
    )
}

async function make(desk: Desk, email: string, asked: Asked) {
  const role = roleIn(asked) ?? 'owner'
  await withPassword(email, asked, password => create(desk, { email, role }, password))
}

async function replace(desk: Desk, email: string, asked: Asked) {
  // Asked for only where there is somebody to give it to.
  await byAddress(desk.database.db, email)
  await withPassword(email, asked, password => resetPassword(desk, email, password))
}

async function withPassword(email: string, { options }: Asked, set: (password: string) => Promise<void>) {
  const generate = options.generate === true
  const password = await passwordFor(email, { generate })
  await set(password)
  if (generate) say(password)
}

async function assign(desk: Desk, email: string, asked: Asked) {
  const role = roleIn(asked)
  if (!role) throw new Misused(`role takes --role, one of ${roles}`)
  await changeRole(desk, (await byAddress(desk.database.db, email)).id, role)
}

function roleIn(asked: Asked) {
  const role = text(asked, 'role')
  return role === undefined ? undefined : read(Role, role, `--role takes one of ${roles}`)
}

function read<T>(schema: v.GenericSchema<unknown, T>, value: string, otherwise: string): T {
  const found = v.safeParse(schema, value)
  if (!found.success) throw new Misused(otherwise)
  return found.output
}
