import type { AuditEntry } from '../server/contract/audit.ts'
import type { ApiKey, MadeApiKey, NewApiKey } from '../server/contract/auth.ts'
import type { ImportKind, ImportLine, ImportMapping, ImportSource } from '../server/contract/import.ts'
import type { Erased, Person } from '../server/contract/people.ts'
import type { Program, Settings } from '../server/contract/programs.ts'
import type { Stats } from '../server/contract/stats.ts'
import type { TermsPreview, TermsPreviewReport } from '../server/contract/terms.ts'
import type { FileBody } from './lines.ts'
import { type CallOptions, type Send, type SendFile, segment } from './send.ts'
import type { CursorQuery, In, Listed, Out } from './shapes.ts'
import type { AppOf } from './webhooks.ts'

type AuditFilter = { object?: string; action?: AuditEntry['action']; noun?: string; actor?: string; from?: string; to?: string }

type Import = {
  from: ImportSource
  kind?: ImportKind
  dryRun?: boolean
  stopAtRefusal?: boolean
  mapping?: In<typeof ImportMapping>
}

const who = ['admin'] as const
const path = '/v1/apps'

/** Programs and their settings, with an admin's token. */
export function apps(send: Send, app: AppOf, sendFile: SendFile) {
  return {
    list: (query: CursorQuery = {}, options?: CallOptions) => send<Listed<Program>>('GET', path, { who, query }, options),
    create: (settings: In<typeof Settings>, options?: CallOptions) =>
      send<Program>('POST', path, { who, body: settings }, options),
    get: (id: string, options?: CallOptions) => send<Program>('GET', `${path}/${segment(id)}`, { who }, options),
    /** Changes what is named, of a group any part. Referrals keep the terms that they were made under. */
    update: (id: string, settings: Partial<In<typeof Settings>>, options?: CallOptions) =>
      send<Program>('PATCH', `${path}/${segment(id)}`, { who, body: settings }, options),
    /** Moves the time of a program whose `mode` is `test`, and runs what fell due. */
    advanceClock: (id: string, advanceTo: string, options?: CallOptions) =>
      send<{ now: string }>('POST', `${path}/${segment(id)}/clock`, { who, body: { advanceTo } }, options),
    /** What other terms would have done to the payments of some days, of the client's program; also with a secret key. */
    previewTerms: (
      asked: Omit<In<typeof TermsPreview>, 'commission'> & { commission?: In<typeof Settings>['commission'] },
      options?: CallOptions,
    ) => send<TermsPreviewReport>('POST', `${app()}/terms/preview`, { who: ['secret', 'admin'], body: asked }, options),
    /** What came in between two days, of the client's program. */
    stats: (query: { from?: string; to?: string } = {}, options?: CallOptions) =>
      send<Stats>('GET', `${app()}/stats`, { who, query }, options),
    /** Who changed what, newest first, of the client's program. */
    audit: (query: CursorQuery & AuditFilter = {}, options?: CallOptions) =>
      send<Listed<AuditEntry>>('GET', `${app()}/audit`, { who, query }, options),
    /**
     * Brings over what another system has exported into the client's program, and gives what becomes of each line as it
     * goes; the last is the summary. `for await (const line of await mislata.apps.import(file, { from: 'rewardful' })) …`.
     * The same file again changes nothing, so that one that was broken off is simply imported again.
     */
    import: (file: FileBody, { mapping, ...query }: Import, options?: CallOptions) =>
      sendFile<ImportLine>(
        `${app()}/import`,
        {
          ...{ who, file, isLast: line => line.type === 'summary' },
          query: { ...query, ...(mapping && { mapping: JSON.stringify(mapping) }) },
        },
        options,
      ),
  }
}

/** Secret and publishable keys of the client's program, with an admin's token. */
export function apiKeys(send: Send, app: AppOf) {
  return {
    list: (query: CursorQuery = {}, options?: CallOptions) =>
      send<Listed<Out<typeof ApiKey>>>('GET', `${app()}/api-keys`, { who, query }, options),
    /** `key` is in this reply and in no other. */
    create: (wanted: In<typeof NewApiKey>, options?: CallOptions) =>
      send<Out<typeof MadeApiKey>>('POST', `${app()}/api-keys`, { who, body: wanted }, options),
    /** The key is refused from now on. */
    delete: (id: string, options?: CallOptions) =>
      send<Out<typeof ApiKey>>('DELETE', `${app()}/api-keys/${segment(id)}`, { who }, options),
  }
}

/** Everything that the client's program holds on one person, with an admin's token. */
export function people(send: Send, app: AppOf) {
  const one = (email: string) => `${app()}/people/${segment(email)}`
  return {
    get: (email: string, options?: CallOptions) => send<Person>('GET', one(email), { who }, options),
    /** Takes the person out of all of it for ever. What was paid and earned stays, and says of nobody. */
    erase: (email: string, options?: CallOptions) => send<Erased>('DELETE', one(email), { who }, options),
  }
}
