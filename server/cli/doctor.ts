import { BadConfig, type Config, readConfig } from '../config.ts'
import { answering } from '../installation.ts'
import { type Database, DatabaseRefused, openBeside } from '../store/database.ts'
import { Directory } from '../store/directory.ts'
import { outstanding } from '../store/migrate.ts'
import { type Asked, type Command, FOUND, Misused, OK, text } from './command.ts'
import { checkClock } from './doctor/clock.ts'
import { checkConfiguration } from './doctor/configuration.ts'
import { checkDatabase } from './doctor/database.ts'
import type { Finding } from './doctor/finding.ts'
import { checkMail } from './doctor/mail.ts'
import { checkSite } from './doctor/site.ts'
import { say } from './terminal.ts'

const MARKS = { ok: 'ok   ', note: 'note ', wrong: 'WRONG' }

export const command: Command = {
  about: [
    'It changes nothing, and the server may be running. What is wrong ends it with 1, and comes with what to do; a note is',
    'something that works and may not be what you want.',
  ],
  options: {
    site: {
      type: 'string',
      value: 'https://…',
      about: 'A page with the tag: is it there and right, what keeps it from its work',
    },
    'send-to': { type: 'string', value: 'address', about: 'Send a mail there' },
    json: { type: 'boolean', about: 'Say it as one object of JSON' },
  },
  async run(asked) {
    const { site, sendTo } = wanted(asked)
    const all: Finding[] = []
    const tell = (found: Finding[]) => {
      all.push(...found)
      if (!asked.options.json) for (const each of found) print(each)
    }
    const config = configuration(tell)
    if (config) await examine(config, { site, sendTo }, tell)
    const ok = all.every(each => each.level !== 'wrong')
    if (asked.options.json) say(JSON.stringify({ ok, findings: all }, null, 2))
    return ok ? OK : FOUND
  },
}

type Tell = (found: Finding[]) => void

function wanted(asked: Asked) {
  const site = text(asked, 'site')
  if (site !== undefined && !/^https?:$/.test(URL.parse(site)?.protocol ?? ''))
    throw new Misused('--site takes an address such as https://www.example.com')
  const sendTo = text(asked, 'send-to')
  if (sendTo !== undefined && !/^[^\s@]+@[^\s@]+$/.test(sendTo)) throw new Misused('--send-to takes an e-mail address')
  return { site, sendTo }
}

function configuration(tell: Tell) {
  try {
    const config = readConfig(process.env)
    tell(checkConfiguration(process.env, config))
    return config
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error
    tell([
      { about: 'configuration', level: 'wrong', said: `${error.message}.`, todo: 'The server does not start until it does.' },
    ])
    return null
  }
}

async function examine(config: Config, { site, sendTo }: { site: string | undefined; sendTo: string | undefined }, tell: Tell) {
  const database = await reached(config, tell)
  try {
    const known = database && site ? await knownIn(database) : null
    const seen = site ? await checkSite(site, { config, known }) : null
    tell(await checkClock({ database, site: seen?.at ?? null }))
    tell(await checkMail(config, sendTo))
    tell(seen?.findings ?? [])
  } finally {
    await database?.close()
  }
}

/** Keys and programs; null where the tables are not those of this release. */
async function knownIn(database: Database) {
  const { pending, unknown } = await outstanding(database)
  return pending.length || unknown.length ? null : new Directory(database).current()
}

/** The database, examined; null where it does not answer. */
async function reached(config: Config, tell: Tell): Promise<Database | null> {
  let database: Database | null = null
  try {
    return await answering(async () => {
      database = openBeside(config.databaseUrl)
      tell(await checkDatabase(database))
      return database
    })
  } catch (error) {
    await (database as Database | null)?.close()
    if (!(error instanceof BadConfig || error instanceof DatabaseRefused)) throw error
    tell([{ about: 'database', level: 'wrong', said: error.message, todo: 'Check DATABASE_URL, and that the database runs.' }])
    return null
  }
}

function print({ about, level, said, todo }: Finding) {
  say(`${MARKS[level]}  ${about}: ${said}`)
  if (todo) say(`         → ${todo}`)
}
