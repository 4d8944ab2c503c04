import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assets } from '../../server/assets.ts'
import { type Stage, setStage } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'mislata-assets-'))
let served: ReturnType<typeof assets>
let stage: Stage
beforeAll(async () => {
  stage = await setStage()
  mkdirSync(join(folder, 'snippet'))
  writeFileSync(join(folder, 'snippet', 'm.js'), stage.script)
  writeFileSync(join(folder, 'snippet', 'm.0123456789ab.js'), 'earlier')
  writeFileSync(join(folder, 'snippet', stage.secondName), 'second')
  served = assets(pathToFileURL(`${folder}/`), '/files/visit.js')
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await stage.close()
})

const integrity = (body: string) => `sha384-${createHash('sha384').update(body).digest('base64')}`
const get = async (path: string) => {
  const reply = await served.routes.request(path)
  return { status: reply.status, cache: reply.headers.get('cache-control'), body: await reply.text() }
}
const told = async () => JSON.parse((await get('/m.json')).body)

test('Each release of the snippet stays at an address of its own, and /m.json tells them with their integrity', async () => {
  const { src, integrity: hash, parts, earlier } = await told()
  expect(src).toMatch(/^\/m\.[0-9a-f]{12}\.js$/)
  expect(hash).toBe(integrity(stage.script))
  expect(await get(src)).toEqual({ status: 200, cache: 'public, max-age=31536000, immutable', body: stage.script })
  expect(parts).toEqual([{ src: `/${stage.secondName}`, integrity: integrity('second') }])
  expect(earlier).toEqual([{ src: '/m.0123456789ab.js', integrity: integrity('earlier') }])
  expect(await get('/m.0123456789ab.js')).toMatchObject({ body: 'earlier', cache: expect.stringContaining('immutable') })
})

test('The names that move are asked for again', async () => {
  for (const path of ['/m.js', '/files/visit.js'])
    expect(await get(path)).toMatchObject({ status: 200, body: stage.script, cache: expect.stringMatching(/max-age=300\b/) })
})

test('The second file is beside the first, whatever that is called', async () => {
  for (const path of [`/${stage.secondName}`, `/files/${stage.secondName}`])
    expect(await get(path)).toMatchObject({ body: 'second', cache: expect.stringContaining('immutable') })
})

test('A pinned tag runs with its integrity, and what was changed does not', async () => {
  const pinned = (hash: string) => stage.tag().replace('async', `async crossorigin integrity="${hash}"`)
  stage.show(pinned(integrity(stage.script)))
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await stage.api.told(1)
  stage.show(pinned(integrity('other')))
  await using another = await stage.visitor()
  await another.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  expect(await another.posts()).toBe(0)
})

test('The second file can be pinned too', async () => {
  const preload = (hash: string) =>
    `<link rel="modulepreload" href="${stage.api.origin}/${stage.secondName}" integrity="${hash}">${stage.tag('data-link-domains="acme.test"')}`
  stage.show(preload(integrity('other')))
  await using visitor = await stage.visitor()
  await visitor.page.goto(stage.at('acme.test', '/?ref=JANE20'))
  await visitor.posts()
  expect(await visitor.page.evaluate(`mislata.link('https://x.example/')`)).toBe('https://x.example/')
  expect(visitor.errors).toEqual([])
})
