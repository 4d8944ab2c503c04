const EVERY_MS = 5_000
const REDRAW_MS = 100

/** What was asked for, on standard output. */
export function say(line: string) {
  process.stdout.write(`${line}\n`)
}

/** What is wrong, on standard error. */
export function complain(line: string) {
  process.stderr.write(`${line}\n`)
}

/** One step of long work, on standard error so that what is asked for can be piped. */
export type Progress = {
  /** How far it has come: a share from 0 to 1 where that is known, or a number of things. */
  at(done: number, of?: number): void
  /** It is done, with what there is to say of it. */
  end(said?: string): void
}

/** On a terminal one line that is drawn anew; elsewhere a line when it begins, now and then, and when it ends. */
export function progress(what: string): Progress {
  const { isTTY } = process.stderr
  let drawn = performance.now()
  process.stderr.write(isTTY ? `${what} …` : `${what} …\n`)
  return {
    at(done, of) {
      const now = performance.now()
      if (now - drawn < (isTTY ? REDRAW_MS : EVERY_MS)) return
      drawn = now
      const far = of ? `${Math.floor((100 * done) / of)} %` : done.toLocaleString('en')
      process.stderr.write(isTTY ? `\r\x1b[2K${what} … ${far}` : `${what} … ${far}\n`)
    },
    end(said = 'done') {
      process.stderr.write(isTTY ? `\r\x1b[2K${what}: ${said}\n` : `${what}: ${said}\n`)
    },
  }
}
