import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readyDatabase } from '../support/database.ts'
import { readyProcess } from '../support/process.ts'
import { admin, newProgram } from '../support/server.ts'

test('What was sent to be imported is nowhere on the disk after the server was killed, or said no', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mislata-upload-'))
  // Node keeps there what it has compiled.
  const left = () => readdirSync(folder).filter(name => name !== 'node-compile-cache')
  const database = await readyDatabase()
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true })
    await database.remove()
  })
  const server = await readyProcess({
    ...{ DATABASE_URL: database.url, TMPDIR: folder, LOG_LEVEL: 'info' },
    ...{ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password },
  })
  const acme = await newProgram(server)
  const post = (query: string, body: string) =>
    fetch(`${server.address}/v1/apps/${acme.program.id}/import?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${acme.token}` },
      body,
    })
  expect((await post('from=csv', 'unknown,columns\n1,2\n')).status).toBe(422)
  expect(left()).toEqual([])

  const people = Array.from({ length: 5_000 }, (_, at) => `partner-${at}@example.com,Partner ${at}`)
  const reply = await post('from=csv&kind=partners', ['email,name', ...people].join('\n'))
  // What comes first comes long before the last: the server is in the middle of it.
  const reader = reply.body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"created"')
  await server.end('SIGKILL')
  await expect(reader?.read().then(async next => (next.done ? next : reader.read()))).rejects.toThrow()
  expect(left()).toEqual([])
})
