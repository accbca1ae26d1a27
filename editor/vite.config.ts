import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const committed = join(here, 'static', 'assets')
const fresh = mkdtempSync(join(tmpdir(), 'studio-build-'))
const markdown = join(here, 'src', 'app', 'no-markdown.tsx')

const SHARED = new RegExp(`/src/(${[
  'app/(loading|request-id|router|session|zone)',
  'components/(Busy|Button|Chip|ErrorNote|LanguageSwitch|ThemeSwitch)',
  'core/(amounts|api|instant|language|schema|sentence|theme|traditional|tree)',
  'messages/[^/]+',
].join('|')})\\.tsx?$`)

/**
 * Puts the finished build where the server reads it. Only a build that succeeded gets this far, so a failing one
 * never takes away the assets that are being served.
 */
function swapIn(): Plugin {
  let failed = false
  return {
    name: 'swap-in',
    apply: 'build',
    buildEnd(error) {
      failed = error !== undefined
    },
    closeBundle() {
      if (!failed) {
        rmSync(committed, { recursive: true, force: true })
        cpSync(fresh, committed, { recursive: true })
      }
      rmSync(fresh, { recursive: true, force: true })
    },
  }
}

export default defineConfig({
  base: '/static/assets/',
  plugins: [react(), swapIn()],
  resolve: {
    alias: [
      // RJSF renders help texts as Markdown; ours are plain, and the renderer weighs 32 KB gzipped.
      { find: /^markdown-to-jsx(\/react)?$/, replacement: markdown },
    ],
  },
  build: {
    outDir: fresh,
    assetsDir: '',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Scripts and styles must come from our own origin as files: the content security policy allows no data: script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: join(here, 'src', 'main.tsx'),
      output: {
        // What every page and the rule editor share comes in two files: many small ones pack worse, and each is asked for.
        advancedChunks: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'shared', test: SHARED },
          ],
        },
      },
    },
  },
})
