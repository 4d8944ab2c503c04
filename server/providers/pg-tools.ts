import { spawn } from 'node:child_process'

/** What came of it: `missing` where the program is not on this machine. */
export type Ran = { outcome: 'done' | 'missing' } | { outcome: 'failed'; said: string }

/** PostgreSQL's own copy of a database, as it is at a moment that another connection holds open. */
export function pgDump(url: string, { file, snapshot }: { file: string; snapshot: string }) {
  return run('pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--snapshot=${snapshot}`, `--file=${file}`])
}

/** Fills a database from such a copy, all of it or nothing; `clean` takes away what the copy replaces. */
export function pgRestore(url: string, { file, clean }: { file: string; clean: boolean }) {
  const replace = clean ? ['--clean', '--if-exists'] : []
  return run('pg_restore', url, ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error', ...replace], file)
}

function run(program: string, url: string, args: string[], file?: string) {
  const { dbname, password } = withoutPassword(url)
  return new Promise<Ran>(resolve => {
    const child = spawn(program, [...args, `--dbname=${dbname}`, ...(file ? [file] : [])], {
      env: { ...process.env, ...(password && { PGPASSWORD: password }), LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-2_000)
    })
    child.on('error', error =>
      resolve(
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? { outcome: 'missing' } : { outcome: 'failed', said: error.message },
      ),
    )
    child.on('close', code => resolve(code === 0 ? { outcome: 'done' } : { outcome: 'failed', said: said.trim() }))
  })
}

// Everybody on a machine can read what programs were started with.
function withoutPassword(text: string) {
  const url = new URL(text)
  const password = decodeURIComponent(url.password)
  url.password = ''
  return { dbname: url.href, password }
}
