import { Hono } from 'hono'
import { Erased, Person } from '../../contract/people.ts'
import { door, idFrom, type Server } from '../../door.ts'
import * as people from '../../program/people.ts'

const tag = 'People'

/** What is held on a person, and its end. */
export function peopleRoutes(server: Server) {
  return new Hono()
    .get(
      '/v1/apps/:appId/people/:email',
      ...door(
        server,
        { summary: 'Everything held on a person', tag, who: ['admin'], inProgram: true, replies: { 200: Person } },
        async ({ c, desk, program }) => c.json(await people.held(desk, program, idFrom(c, 'email'))),
      ),
    )
    .delete(
      '/v1/apps/:appId/people/:email',
      ...door(
        server,
        { summary: 'Erase a person', tag, who: ['admin'], inProgram: true, replies: { 200: Erased } },
        async ({ c, desk, program }) => c.json(await people.erase(desk, program, idFrom(c, 'email'))),
      ),
    )
}
