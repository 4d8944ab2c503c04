import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config'
import { numberedSentences } from './scripts/numbered-sentences.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Nine builds; `npm run build` runs them all. Two are guests of a browser: the snippet is one classic script that imports
// nothing, and a second file for the pages that ask for it; the widget is a module whose dashboard arrives as a second chunk.
const snippet: UserConfig = {
  // Releases that pages may have pinned stay beside the newest.
  publicDir: here('snippet/releases'),
  plugins: [
    {
      name: 'second-file',
      // A classic script from another site has no address of its own to begin from, so it is told a name and not a path.
      generateBundle(_, bundle) {
        const { m, links } = Object.fromEntries(Object.values(bundle).map(file => ['name' in file ? file.name : '', file]))
        if (m?.type !== 'chunk' || links?.type !== 'chunk') return
        m.code = m.code.replace('THE_SECOND_FILE', links.fileName)
        // Said once is enough: a name for what is exported, and another under which it is.
        links.code = links.code.replace(/^var (\w+)=(.*);export\{\1 as on\};\s*$/s, 'export let on=$2')
      },
    },
  ],
  build: {
    outDir: here('dist/snippet'),
    target: 'es2021',
    modulePreload: false,
    // As modules, though the first is served as a classic script: it does not export, and so has no wrapper to pay for.
    rolldownOptions: {
      input: { m: here('snippet/index.ts'), links: here('snippet/links.ts') },
      preserveEntrySignatures: 'exports-only',
      output: { format: 'es', entryFileNames: ({ name }) => (name === 'm' ? 'm.js' : '[hash].js') },
    },
    minify: 'oxc',
  },
}

// An element draws itself anew when a signal changes, so its views need nothing of what @preact/signals adds to Preact:
// that would be a twelfth of all that a page loads. Tags are made by what is there in any case.
const signals = { alias: { '@preact/signals': '@preact/signals-core', 'preact/jsx-runtime': here('widget/jsx.ts') } }

// Some pages have added to all objects. What goes through every name that an object answers to, as Preact does and what the
// bundler writes to pass a file's exports on, is to find its own alone.
const everyName = /for ?\(((?:var |let |const )?\w+) in ([^()]+)\)/g
const ownOnly = (code: string) => code.replace(everyName, 'for($1 of Object.keys(($2)??{}))')
const ownNames: Plugin = {
  name: 'own-names',
  transform: (code, id) => (/node_modules\/@?preact\//.test(id) ? ownOnly(code) : null),
  renderChunk: ownOnly,
}

const widget: UserConfig = {
  plugins: [numberedSentences(), ownNames],
  resolve: signals,
  build: {
    outDir: here('dist/widget'),
    target: 'es2022',
    // The first browsers with light-dark(); for those before them every colour would stand here twice.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // A library, because an application's dynamic imports would bring a preloader that this one has no use for.
    lib: { entry: here('widget/index.ts'), formats: ['es'], fileName: () => 'widget.js' },
    rolldownOptions: {
      output: {
        // `de-a1b2c3d4.js` is what every element says in German, `de-partner-….js` what only the dashboard does.
        chunkFileNames: ({ facadeModuleId }) => {
          const [, language, group] = facadeModuleId?.match(/\/wording\/(\w+)\/(\w+)\.ts$/) ?? []
          return `${language ? `${language}-${group}` : '[name]'}-[hash].js`
        },
        minify: true,
        comments: false,
        // What every element needs is one file whose name is its content, so that it may be cached for ever and the
        // dashboard finds the same copy of it however the page wrote the address of widget.js.
        codeSplitting: {
          groups: [
            { name: 'core', tags: ['$initial'], test: module => !module.endsWith('widget/index.ts') },
            // And what the dashboard and a customer's referrals both need is another.
            { name: 'account', minShareCount: 2, test: /\/widget\/(?!wording\/)/ },
          ],
        },
      },
    },
  },
}

// The third is the server as `npm start` runs it: the same code and what it uses, in a few files. As four hundred it takes
// twice as long to start and a third more memory.
const server: UserConfig = {
  build: {
    ssr: true,
    outDir: here('dist/server'),
    target: 'node24',
    rolldownOptions: {
      input: {
        main: here('server/main.ts'),
        cli: here('server/cli/index.ts'),
        'click-worker': here('server/store/click-worker.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', comments: false },
    },
  },
  // Only looked for, never needed.
  ssr: { noExternal: true, external: ['pg-native'] },
}

// The fourth is for whoever writes against the server, in whatever runtime: one module that imports nothing.
const sdk: UserConfig = {
  build: {
    outDir: here('dist/sdk'),
    target: 'es2022',
    lib: { entry: here('sdk/index.ts'), formats: ['es'], fileName: () => 'index.js' },
    // Whoever uses it debugs through it, so it stays legible; what its calls say of themselves is in their types.
    minify: false,
    rolldownOptions: { output: { comments: false } },
  },
}

// So is the fifth, for the host's own server, which answers its pages with it.
const middleware: UserConfig = {
  build: {
    outDir: here('dist/middleware'),
    target: 'es2022',
    lib: { entry: here('snippet/middleware.ts'), formats: ['es'], fileName: () => 'index.js' },
    minify: false,
    rolldownOptions: { output: { comments: false } },
  },
}

// The sixth is the widget as one classic script, for pages that take no modules: all of it, whatever a page shows.
const classic: UserConfig = {
  plugins: [numberedSentences(), ownNames],
  resolve: signals,
  // As a module it knows where it came from by itself. Where even a classic script does not, as in a page's own bundle,
  // the page is to name the server.
  define: { 'import.meta.url': 'mislataCameFrom' },
  build: {
    outDir: here('dist/classic'),
    target: widget.build?.target,
    cssTarget: widget.build?.cssTarget,
    lib: { entry: here('widget/index.ts'), formats: ['iife'], name: 'mislataWidget', fileName: () => 'widget.classic.js' },
    rolldownOptions: {
      treeshake: widget.build?.rolldownOptions?.treeshake,
      output: {
        minify: true,
        comments: false,
        codeSplitting: false,
        intro: 'var mislataCameFrom=document.currentScript&&document.currentScript.src||location.href;',
      },
    },
  },
}

// The seventh is what operators see: pages of the server's own, with a style sheet that they link and screens that are
// loaded when they are opened. It is nobody's guest, and its components follow signals by themselves.
const console: UserConfig = {
  build: {
    outDir: here('dist/console'),
    target: 'es2022',
    cssTarget: widget.build?.cssTarget,
    lib: { entry: here('console/index.tsx'), formats: ['es'], fileName: () => 'console.js', cssFileName: 'console' },
    rolldownOptions: {
      output: { chunkFileNames: 'console-[name]-[hash].js', minify: true, comments: false },
    },
  },
}

// The last two are for apps that bundle what they show. React's components bring the elements once they stand in a page.
const react: UserConfig = {
  plugins: [
    {
      name: 'elements',
      enforce: 'pre',
      // The very files that pages load, from where they stand in the package.
      resolveId: id => (id === 'mislata/widget' ? { id: '../widget/widget.js', external: true } : null),
    },
  ],
  build: {
    outDir: here('dist/react'),
    target: 'es2022',
    lib: { entry: here('widget/react.ts'), formats: ['es'], fileName: () => 'index.js' },
    minify: false,
    rolldownOptions: { external: ['react'], output: { comments: false, banner: "'use client'" } },
  },
}

const mount: UserConfig = {
  plugins: [
    {
      name: 'tag-to-function',
      // The same code as the tag's. What it asks the page and the server for, an app's bundle has.
      transform(code, id) {
        if (!id.endsWith('/snippet/index.ts')) return null
        const tag = code.replace(/^export \{\s*\};?\s*$/m, '')
        const whole = [
          ['document.currentScript', 'own'],
          [/import\(\s*\/\*.*?\*\/\s*new URL\(['"]THE_SECOND_FILE['"], script\.src\)\s*\)/, "import('./links.ts')"],
        ] as const
        const body = whole.reduce((text, [of, by]) => {
          if (text.split(of).length !== 2) throw new Error(`The snippet has not one ${of}`)
          return text.replace(of, by)
        }, tag)
        return `export function run(own) {\n${body}\n}`
      },
    },
  ],
  build: {
    outDir: here('dist/mount'),
    target: 'es2021',
    lib: { entry: here('snippet/mount.ts'), formats: ['es'], fileName: () => 'index.js' },
    minify: false,
    rolldownOptions: { output: { comments: false, chunkFileNames: '[name].js' } },
  },
}

// What touches the store is tested on both databases. Each kind of test starts when the one before it has ended, so that
// two cores are not shared by a browser and a server that is being timed.
const tests = async (): Promise<ViteUserConfig> => {
  const onStore = ['api', 'journeys', 'store', 'sdk', 'wire'].map(folder => `test/${folder}/**/*.test.ts`)
  const api = (...names: string[]) => names.map(name => `test/api/${name}.test.ts`)
  // What is answered before a database is asked is the same on either. What might come to one, and what several servers take
  // out of each other's hands, is asked of the stricter.
  const onSqlite = [
    ...api('addresses', 'apply-page', 'bulk', 'cors', 'csv-lists', 'docs-page', 'identity', 'mcp', 'portal-languages', 'roles'),
    ...api('plans', 'totp', 'wall-table'),
    'test/sdk/**',
  ]
  const onPostgres = [
    ...api('bad-addresses', 'bad-input', 'metrics', 'payout-providers', 'payout-sending', 'payout-sending-crash'),
    ...api('reward-grants', 'webhook-deliveries'),
  ]
  return {
    test: {
      // One more than cores, because tests of what goes on by itself wait most of their time.
      maxWorkers: 3,
      isolate: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // What is awaited has no time of its own: some pages look once a second, and machines are busy.
      expect: { poll: { timeout: 15_000 } },
      projects: [
        project('sqlite', 0, {
          include: ['test/rules/**/*.test.ts', ...onStore],
          exclude: onPostgres,
          env: { TEST_DATABASE: 'sqlite' },
          globalSetup: here('test/support/sqlite-for-run.ts'),
        }),
        project('postgres', 0, {
          include: onStore,
          exclude: onSqlite,
          env: { TEST_DATABASE: 'postgres' },
          globalSetup: POSTGRES,
        }),
        project('node', 1, {
          include: ['test/*.test.ts', 'test/{snippet,widget,package}/**/*.test.ts'],
          globalSetup: here('test/support/widget-for-run.ts'),
        }),
        // What takes long, and takes a busy machine as it comes.
        project('fuzz', 0, {
          include: ['test/{fuzz,prove}/**/*.test.ts', CRASH],
          globalSetup: POSTGRES,
          testTimeout: 300_000,
        }),
        project('browser', 2, { include: ['test/**/*.browser.test.{ts,tsx}'], browser: await browser() }),
        project('e2e', 3, {
          include: ['test/e2e/**/*.test.ts'],
          exclude: [CRASH],
          globalSetup: POSTGRES,
          maxWorkers: 2,
          testTimeout: 180_000,
        }),
      ],
    },
  }
}

const CRASH = 'test/e2e/crash.test.ts'
const POSTGRES = here('test/support/postgres-for-run.ts')

type Test = NonNullable<TestProjectInlineConfiguration['test']>

function project(name: string, groupOrder: number, test: Test): TestProjectInlineConfiguration {
  const exclude = [...(test.exclude ?? []), ...(name === 'browser' ? [] : ['**/*.browser.test.*'])]
  return { extends: true, resolve: signals, test: { name, sequence: { groupOrder }, ...test, exclude } }
}

async function browser(): Promise<Test['browser']> {
  const [{ playwright }, { launchOptions }] = await Promise.all([
    import('@vitest/browser-playwright'),
    import('./test/support/browser.ts'),
  ])
  const instances = [{ browser: 'chromium' as const }]
  return {
    enabled: true,
    headless: true,
    provider: playwright({ launchOptions: launchOptions() }),
    instances,
    screenshotFailures: false,
  }
}

const builds: Record<string, UserConfig> = { snippet, widget, server, sdk, middleware, classic, console, react, mount }

export default defineConfig(({ mode }) => builds[mode] ?? tests())
