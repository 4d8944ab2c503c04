import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'vite'
import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Two builds, because they are two kinds of guest: the snippet is one classic script that imports nothing,
// the widget is a module whose dashboard arrives as a second chunk. `npm run build` runs both.
const snippet: UserConfig = {
  build: {
    outDir: here('dist/snippet'),
    target: 'es2018',
    modulePreload: false,
    // As a module, though it is served as a classic script: it neither imports nor exports, and so has no wrapper to pay for.
    rolldownOptions: { input: here('snippet/index.ts'), output: { format: 'es', entryFileNames: 'm.js' } },
    minify: 'oxc',
  },
}

// An element draws itself anew when a signal changes, so its views need nothing of what @preact/signals adds to Preact:
// that would be a twelfth of all that a page loads.
const signals = { alias: { '@preact/signals': '@preact/signals-core' } }

const widget: UserConfig = {
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
        chunkFileNames: '[name]-[hash].js',
        minify: true,
        comments: false,
        // What every element needs is one file whose name is its content, so that it may be cached for ever and the
        // dashboard finds the same copy of it however the page wrote the address of widget.js.
        codeSplitting: { groups: [{ name: 'core', tags: ['$initial'], test: module => !module.endsWith('widget/index.ts') }] },
      },
    },
  },
}

// What touches the store is tested on both databases. Each kind of test starts when the one before it has ended, so that
// two cores are not shared by a browser and a server that is being timed.
const tests = async (): Promise<ViteUserConfig> => {
  const onStore = ['api', 'journeys', 'store'].map(folder => `test/${folder}/**/*.test.ts`)
  return {
    test: {
      maxWorkers: 2,
      testTimeout: 15_000,
      hookTimeout: 60_000,
      projects: [
        project('sqlite', 0, { include: ['test/rules/**/*.test.ts', ...onStore], env: { TEST_DATABASE: 'sqlite' } }),
        project('postgres', 0, { include: onStore, env: { TEST_DATABASE: 'postgres' }, globalSetup: POSTGRES }),
        project('node', 0, { include: ['test/*.test.ts', 'test/{snippet,widget}/**/*.test.ts'] }),
        project('browser', 1, { include: ['test/**/*.browser.test.{ts,tsx}'], browser: await browser() }),
        project('e2e', 2, {
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: POSTGRES,
          fileParallelism: false,
          testTimeout: 180_000,
        }),
      ],
    },
  }
}

const POSTGRES = here('test/support/postgres-for-run.ts')

type Test = NonNullable<TestProjectInlineConfiguration['test']>

function project(name: string, groupOrder: number, test: Test): TestProjectInlineConfiguration {
  const exclude = name === 'browser' ? [] : ['**/*.browser.test.*']
  return { extends: true, resolve: signals, test: { name, exclude, sequence: { groupOrder }, ...test } }
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

export default defineConfig(({ mode }) => (mode === 'snippet' ? snippet : mode === 'widget' ? widget : tests()))
