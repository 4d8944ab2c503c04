import { Hono } from 'hono'
import { ApiKey, ApiKeyList, MadeApiKey, NewApiKey } from '../../contract/auth.ts'
import { CursorQuery } from '../../contract/paging.ts'
import { AdvanceClock, Clock, ProgramChange, ProgramList, Program as ProgramReply, Settings } from '../../contract/programs.ts'
import { door, idFrom, type Server } from '../../door.ts'
import type { Desk } from '../../program/desk.ts'
import * as keys from '../../program/keys.ts'
import * as programs from '../../program/programs.ts'
import { mayDo } from '../../rules/roles.ts'
import * as storedKeys from '../../store/keys.ts'
import type { Program } from '../../store/programs.ts'
import * as storedPrograms from '../../store/programs.ts'

const tag = 'Programs'

/** Programs, their settings and their keys. */
export function apps(server: Server) {
  return new Hono()
    .get(
      '/v1/apps',
      ...door(
        server,
        { summary: 'List programs', tag, who: ['admin'], query: CursorQuery, replies: { 200: ProgramList } },
        async ({ c, desk, query }) => {
          const page = await storedPrograms.page(desk.database.db, { limit: query.limit, after: query.cursor ?? null })
          return c.json({ data: page.data.map(each => shown(desk, each)), nextCursor: page.nextCursor })
        },
      ),
    )
    .post(
      '/v1/apps',
      ...door(
        server,
        { summary: 'Make a program', tag, who: ['admin'], body: Settings, replies: { 201: ProgramReply } },
        async ({ c, desk, body }) => {
          return c.json(shown(desk, await programs.create(desk, body)), 201)
        },
      ),
    )
    .get(
      '/v1/apps/:appId',
      ...door(
        server,
        { summary: 'Read a program', tag, who: ['admin'], inProgram: true, replies: { 200: ProgramReply } },
        ({ c, desk, program }) => c.json(shown(desk, program)),
      ),
    )
    .patch(
      '/v1/apps/:appId',
      ...door(
        server,
        {
          summary: 'Change settings',
          tag,
          who: ['admin'],
          inProgram: true,
          body: ProgramChange,
          replies: { 200: ProgramReply },
        },
        async ({ c, desk, program, caller, body }) => {
          const as = { mayChangeGuarded: mayDo(caller.role, 'own') }
          return c.json(shown(desk, await programs.change(desk, program.id, body, as)))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/clock',
      ...door(
        server,
        {
          summary: "Move a test program's time",
          tag,
          who: ['admin'],
          inProgram: true,
          body: AdvanceClock,
          replies: { 200: Clock },
        },
        async ({ c, desk, program, body }) => {
          return c.json({ now: (await programs.setClock(desk, program, body.advanceTo)).toISOString() })
        },
      ),
    )
    .get(
      '/v1/apps/:appId/api-keys',
      ...door(
        server,
        { summary: 'List keys', tag, who: ['admin'], inProgram: true, query: CursorQuery, replies: { 200: ApiKeyList } },
        async ({ c, desk, program, query }) => {
          return c.json(await storedKeys.page(desk.database.db, program.id, { limit: query.limit, after: query.cursor ?? null }))
        },
      ),
    )
    .post(
      '/v1/apps/:appId/api-keys',
      ...door(
        server,
        { summary: 'Make a key', tag, who: ['admin'], inProgram: true, body: NewApiKey, replies: { 201: MadeApiKey } },
        async ({ c, desk, program, body }) => {
          return c.json(await keys.create(desk, program, body), 201)
        },
      ),
    )
    .delete(
      '/v1/apps/:appId/api-keys/:keyId',
      ...door(
        server,
        { summary: 'Revoke a key', tag, who: ['admin'], inProgram: true, replies: { 200: ApiKey } },
        async ({ c, desk, program }) => {
          return c.json(await keys.revoke(desk, program, idFrom(c, 'keyId')))
        },
      ),
    )
}

function shown({ signatureHeader }: Desk, { id, settings, createdAt }: Program) {
  return { id, ...settings, webhooks: { signatureHeader, ...settings.webhooks }, createdAt }
}
