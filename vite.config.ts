import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Two builds, because they are two kinds of guest: the snippet is one classic script that imports nothing,
// the widget is a module whose dashboard arrives as a second chunk. `npm run build` runs both.
const snippet: UserConfig = {
  build: {
    outDir: here('dist/snippet'),
    target: 'es2018',
    lib: { entry: here('snippet/index.ts'), formats: ['iife'], name: 'mislataSnippet', fileName: () => 'm.js' },
    minify: 'oxc',
  },
}

const widget: UserConfig = {
  build: {
    outDir: here('dist/widget'),
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: here('widget/index.ts'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'widget.js', chunkFileNames: '[name]-[hash].js', format: 'es' },
    },
    minify: 'oxc',
  },
}

export default defineConfig(({ mode }) => (mode === 'snippet' ? snippet : widget))
