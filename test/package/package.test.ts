import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { parseSync } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from '../support/browser.ts'
import { filesIn, read } from '../support/files.ts'
import { newPartner, newProgram, type TestProgram } from '../support/server.ts'
import { examples, node, type Packed, pack, root, serverIn, siteOf, tsc, visit, vite } from './support.ts'

// The package as it would be published: what is in it, and that it works where it is installed and nothing else is.
let packed: Packed
let server: Awaited<ReturnType<typeof serverIn>>
let site: Awaited<ReturnType<typeof siteOf>>
let browser: Browser
let acme: TestProgram
let said: ReturnType<typeof examples>

beforeAll(async () => {
  ;[packed, site, browser] = await Promise.all([pack(), siteOf(), launch()])
  server = await serverIn(packed.unpacked, {})
  acme = await newProgram(server, { allowedOrigins: [site.origin] })
  said = examples({ server: server.url, key: acme.publishable })
  // Where nothing is built yet, everything is.
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await server?.stop()
  packed?.remove()
})

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))

describe('The tarball', () => {
  test('has nothing that publint would say anything about', async () => {
    const bytes = readFileSync(packed.tarball)
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer } })
    expect(messages.map(message => formatMessage(message, pkg as Record<string, unknown>, { color: false }))).toEqual([])
  })

  test('holds what is built and the notes, no test, no map, and nothing of the machine that made it', () => {
    const files = filesOf(packed.unpacked)
    const bytes = files.map(name => statSync(join(packed.unpacked, name)).size).reduce((sum, size) => sum + size, 0)
    const compressed = statSync(packed.tarball).size
    console.log(`${files.length} files, ${Math.round(bytes / 1000)} kB, ${Math.round(compressed / 1000)} kB as a tarball`)
    const known =
      /^(package\.json|(README|CHANGELOG)\.md|LICENSE|dist\/([\w-]+\/)*([\w.-]+(\.js|\.d\.ts)|licenses\.md)|dist\/custom-elements\.json|dist\/console\/console\.css)$/
    expect(files.filter(name => !known.test(name))).toEqual([])
    const ofHere = [root, tmpdir(), 'sourceMappingURL=']
    const texts = files.map(name => [name, readFileSync(join(packed.unpacked, name), 'utf8')] as const)
    expect(texts.filter(([, text]) => ofHere.some(path => text.includes(path))).map(([name]) => name)).toEqual([])
    expect(compressed).toBeLessThan(1_500_000)
  })

  test('asks for one package, of which it takes the types, and for React only where it is used', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, scripts, ...rest } = JSON.parse(read('package.json'))
    expect(Object.keys(dependencies)).toEqual(['valibot'])
    expect([peerDependencies, peerDependenciesMeta]).toEqual([{ react: '>=18' }, { react: { optional: true } }])
    expect([scripts.prepack, rest.private]).toEqual([scripts.build, undefined])
    const ofPages = filesOf(join(packed.unpacked, 'dist')).filter(name => /^(?!server).*\.js$/.test(name))
    const imported = ofPages.flatMap(name => {
      const { staticImports, dynamicImports } = parseSync(name, readFileSync(join(packed.unpacked, 'dist', name), 'utf8')).module
      // An import that is worked out has no name yet: the tag's second file, beside itself.
      return [
        ...staticImports.map(each => each.moduleRequest.value),
        ...(name === 'snippet/m.js' ? [] : dynamicImports).map(() => './'),
      ]
    })
    expect(new Set(imported.filter(name => !name.startsWith('.')))).toEqual(new Set(['react']))
  })

  test('says what its elements take and tell, as they do', async () => {
    const described = JSON.parse(readFileSync(join(packed.unpacked, 'dist/custom-elements.json'), 'utf8'))
    const { path, declarations } = described.modules[0]
    expect(filesOf(packed.unpacked)).toContain(path)
    await newPartner(server, acme, { slug: 'ADA', email: 'ada@example.com' })
    const ada = { customerId: 'ada', email: 'ada@example.com' }
    const session = await server.ask('POST', '/v1/sessions', { key: acme.secret, body: ada })
    const tags: string[] = declarations.map((each: { tagName: string }) => each.tagName)
    const signedIn = `publishable-key="${acme.publishable}" token="${session.body.token}"`
    const elements = tags.map(tag => `<${tag} ${/apply|status/.test(tag) ? signedIn.split(' ')[0] : signedIn}></${tag}>`)
    site.state.pages['/elements'] = `<script src="${server.url}/widget.classic.js"></script>${elements.join('')}`
    await using at = await visit(browser, `${site.origin}/elements`)
    await at.page.waitForFunction(
      ([tags]) => tags.every(tag => document.querySelector(tag)?.shadowRoot?.querySelector('[part~=title], [part~=figures]')),
      [tags] as const,
    )
    const found = await at.page.evaluate(
      tags =>
        tags.map(tag => {
          const made = customElements.get(tag) as CustomElementConstructor & { observedAttributes: string[] }
          const accessors = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(made.prototype))
          const parts = [...(document.querySelector(tag)?.shadowRoot?.querySelectorAll('[part]') ?? [])]
          return {
            tag,
            observed: made.observedAttributes,
            properties: Object.keys(accessors).filter(name => accessors[name]?.set),
            parts: [...new Set(parts.flatMap(each => [...each.part]))],
          }
        }),
      tags,
    )
    expect(at.faults).toEqual([])
    expect(found.map(({ tag }) => tag)).toEqual(
      [...read('widget/define.ts').matchAll(/'(mislata-\w+)': /g)].map(([, tag]) => tag),
    )
    const names = (list: { name: string }[]) => list.map(({ name }) => name).sort()
    for (const [index, { tag, observed, properties, parts }] of found.entries()) {
      const { attributes, members, cssParts } = declarations[index]
      // The theme is chosen by the style alone.
      expect(names(attributes), tag).toEqual([...observed, 'theme'].sort())
      expect(names(members), tag).toEqual(properties.sort())
      expect(
        parts.filter(part => !names(cssParts).includes(part)),
        tag,
      ).toEqual([])
    }
    const sources = filesIn('widget')
      .filter(name => /\.(tsx|css)$/.test(name))
      .map(read)
      .join('\n')
    const all = (pattern: RegExp) => [...new Set([...sources.matchAll(pattern)].map(([, name]) => name))].sort()
    const union = (key: string) => [...new Set(declarations.flatMap((each: Record<string, []>) => names(each[key] ?? [])))].sort()
    expect(union('cssParts')).toEqual(all(/\bpart="([\w-]+)"/g))
    expect(union('cssProperties')).toEqual(all(/var\((--mislata-[\w-]+)/g))
    expect([union('slots'), all(/(<slot)\b/g)]).toEqual([[], []])
  })
})

describe('Installed', () => {
  test('a fresh Vite app shows the form, and tells of a visit', async () => {
    const main = `import './partners.ts'\nimport './visits.ts'`
    const index = '<!doctype html><html lang="en"><title>Acme</title><body><script type="module" src="/src/main.ts"></script>'
    const app = packed.app('vite-app', {}, { ...said, 'index.html': index, 'src/main.ts': main })
    await vite(app, [])
    site.state.folder = join(app, 'dist')
    site.state.pages['/'] = readFileSync(join(app, 'dist/index.html'), 'utf8')
    await newPartner(server, acme, { slug: 'VITE20' })
    const loaded: string[] = []
    const before = filesOf(join(app, 'dist')).length
    await using at = await visit(browser, `${site.origin}/`)
    at.page.on('request', request => loaded.push(request.url()))
    await at.page.getByRole('heading', { name: 'Become a partner' }).waitFor()
    await expect.poll(() => at.logged).toContain('stands: none')
    const told = at.page.waitForResponse(reply => reply.url().endsWith('/referrals/click') && reply.request().method() === 'POST')
    await at.page.goto(`${site.origin}/?via=VITE20`)
    expect((await told).status()).toBe(202)
    await expect.poll(() => at.logged).toContain('came with: VITE20')
    expect(await at.page.evaluate(() => [location.search, document.cookie.split('.')[0]])).toEqual(['', 'mislata_ref=VITE20'])
    // The dashboard and what it says are there, and nobody has loaded them.
    expect(before).toBeGreaterThan(5)
    expect(loaded.filter(address => /dashboard|sections|refer-/.test(address))).toEqual([])
    expect(at.faults).toEqual([])
  })

  test.each([
    ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
    ['19', { react: 'react', 'react-dom': 'react-dom', scheduler: 'scheduler' }],
  ])('React %s renders it on a server, and hydrates what was rendered', async (version, packages) => {
    const filled = (path: string) =>
      read(`test/package/app/${path}`)
        .replace('https://partners.example.com', server.url)
        .replace('mislata_pk_…', acme.publishable)
    const app = packed.app(`react-${version}`, packages, {
      'src/Partners.tsx': said['src/Partners.tsx'] ?? '',
      'src/hydrate.tsx': filled('hydrate.tsx'),
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }',
      'index.html': '<!doctype html><div id="root"></div><script type="module" src="/src/hydrate.tsx"></script>',
    })
    // With the warnings that React has only while one develops.
    await vite(app, ['--ssr', 'src/hydrate.tsx', '--outDir', 'server'], 'development')
    await vite(app, [], 'development')
    const render = `
      import { createElement, version } from 'react'
      import { renderToString } from 'react-dom/server'
      const { Page } = await import('./server/hydrate.js')
      console.log(JSON.stringify([version, renderToString(createElement(Page)), typeof window, typeof document]))`
    const { stdout, stderr } = await node(app, render, { NODE_ENV: 'development' })
    expect(stderr).toBe('')
    const [rendered, html, ...globals] = JSON.parse(stdout)
    expect([rendered.split('.')[0], globals]).toEqual([version, ['undefined', 'undefined']])
    expect(html).toContain(`<mislata-program api="${server.url}" style="--mislata-accent:#7c3aed"`)
    expect(html).toContain('class="round-0"')
    expect(readFileSync(join(app, 'node_modules/mislata/dist/react/index.js'), 'utf8')).toMatch(/^['"]use client['"]/)

    const index = readFileSync(join(app, 'dist/index.html'), 'utf8')
    site.state.folder = join(app, 'dist')
    site.state.pages['/'] = index.replace('<div id="root">', `<div id="root">${html}`)
    await using at = await visit(browser, `${site.origin}/`)
    await at.page.getByRole('heading', { name: 'Become a partner' }).waitFor()
    await at.page.getByText('Nothing in round 0').waitFor()
    await expect
      .poll(() => at.logged)
      .toEqual(expect.arrayContaining(['stands: none', 'ready in round 0: round-0', 'round 0: none']))
    const next = at.page.getByRole('button', { name: 'Round' })
    await next.click()
    await at.page.getByText('Nothing in round 1').waitFor()
    const shown = at.page.locator('mislata-status')
    expect(await shown.evaluate(each => each.outerHTML)).toMatch(/theme="dark".*class="round-1"|class="round-1".*theme="dark"/)
    await next.click()
    await expect.poll(() => shown.count()).toBe(0)
    await next.click()
    await expect.poll(() => at.logged).toContain('round 3: none')
    expect(await shown.isHidden()).toBe(true)
    expect(at.faults).toEqual([])

    // A network that gives the page and not the elements.
    const dark = (page: Page) => page.route(/widget-[\w-]+\.js$/, route => route.abort())
    await using cut = await visit(browser, `${site.origin}/`, dark)
    await expect.poll(() => cut.logged).toContain('without: unreachable')
  })

  test('a plain page takes the classic script, which leaves nothing behind', async () => {
    const file = readFileSync(join(packed.unpacked, 'dist/classic/widget.classic.js'))
    const kilobytes = gzipSync(file, { level: 9 }).length / 1024
    console.log(`widget.classic.js: ${file.length} bytes, ${kilobytes.toFixed(1)} KB with gzip`)
    const [, promised] = /at most (\d+) KB compressed/.exec(read('docs/packages.md')) ?? []
    expect(kilobytes).toBeLessThanOrEqual(Number(promised))
    site.state.pages['/plain'] = `<!doctype html><html lang="en"><title>Acme</title>${said['page.html']}`
    site.state.pages['/empty'] = '<!doctype html><title>Acme</title>'
    await using empty = await visit(browser, `${site.origin}/empty`)
    await using at = await visit(browser, `${site.origin}/plain`)
    await at.page.getByRole('heading', { name: 'Become a partner' }).waitFor()
    // A site that passes the server's paths on says so.
    site.state.pages['/own'] = site.state.pages['/plain'].replace('<mislata-program ', '<mislata-program api="/" ')
    const asks = Promise.withResolvers<string>()
    const listen = async (page: Page) =>
      page.on('request', request => request.url().includes('/v1/') && asks.resolve(new URL(request.url()).origin))
    await using own = await visit(browser, `${site.origin}/own`, listen)
    expect([await asks.promise, own.page.url()]).toEqual([site.origin, `${site.origin}/own`])
    const globals = () => Object.getOwnPropertyNames(window).sort().join()
    expect(await at.page.evaluate(globals)).toBe(await empty.page.evaluate(globals))
    expect(at.faults).toEqual([])
  })

  test('a program on Node imports each of them, calls the server and puts the capture before a site', async () => {
    const app = packed.app('node-app', { hono: 'hono' }, said)
    const modules = ['widget', 'react', 'snippet', 'sdk', 'middleware'].filter(name => name !== 'react')
    const script = `
      const names = []
      for (const name of ${JSON.stringify(modules)}) names.push(Object.keys(await import('mislata/' + name)).join())
      const snippet = await import('mislata/snippet')
      snippet.mount({ api: 'https://partners.example.com' })
      snippet.ready(() => console.log('never'))
      const { status } = await import('./server/apply.ts')
      const { site } = await import('./server/site.ts')
      const reply = await site.request('/?ref=NODE20', { headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0' } })
      const elements = await import('mislata/custom-elements.json', { with: { type: 'json' } })
      console.log(JSON.stringify([names, status, reply.headers.get('set-cookie').split('.')[0], elements.default.schemaVersion]))`
    const { stdout } = await node(app, script, { MISLATA_API_KEY: acme.secret })
    expect(JSON.parse(stdout)).toEqual([
      ['', 'mount,ready', expect.stringContaining('Mislata'), 'express,hono,next'],
      'pending',
      'mislata_ref=NODE20',
      '1.0.0',
    ])
  })
})

test('The installed command says what it can, and what is in the package is all that it needs', async () => {
  const app = packed.app('command', {}, {})
  const { bin } = JSON.parse(readFileSync(join(app, 'node_modules/mislata/package.json'), 'utf8'))
  const command = join(app, 'node_modules/mislata', bin.mislata)
  // As an installer does it, which makes it a program of its own.
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  mkdirSync(join(app, 'node_modules/.bin'))
  symlinkSync(command, join(app, 'node_modules/.bin/mislata'))
  chmodSync(command, 0o755)
  const environment = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, DATABASE_URL: `sqlite:${join(app, 'mislata.db')}` }
  const run = async (...args: string[]) =>
    promisify(execFile)(join(app, 'node_modules/.bin/mislata'), args, { cwd: app, env: environment })
  expect((await run()).stdout).toMatch(/^Usage: mislata <command>/)
  expect((await run('migrate')).stdout).toMatch(/^001_programme\n/)
  expect((await run('verify')).stdout).toBe('There is no program.\n')
  expect((await run('backup')).stdout).toMatch(/\/backups\/mislata-.*Z\n$/)
})

describe('Its types', () => {
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--target', 'es2022', '--jsx', 'react-jsx']

  test.each([
    // Once with all that others' types say of ours, which takes its time.
    ['bundler', 'esnext', '19', '@types/react', 'false'],
    ['node16', 'node16', '18', 'types-react-18', 'true'],
  ])(
    'hold in strict mode under %s, as %s modules, with React %s',
    async (resolution, module, version, react, skip) => {
      const packages = { valibot: 'valibot', hono: 'hono', '@types/react': react, '@types/node': '@types/node' }
      const app = packed.app(`types-${version}`, packages, {
        ...said,
        'src/every-export.tsx': read('test/package/app/every-export.tsx'),
      })
      const files = ['src/every-export.tsx', ...Object.keys(said).filter(name => /\.tsx?$/.test(name))]
      expect(files.length).toBe(6)
      const how = ['--module', module, '--moduleResolution', resolution, '--types', 'node', '--skipLibCheck', skip]
      expect(await tsc(app, [...strict, ...how, ...files])).toBe('')
    },
    120_000,
  )
})
