import type { Database } from './database.ts'
import * as keys from './keys.ts'
import type { Program } from './programs.ts'
import * as programs from './programs.ts'

export type KnownKey = { id: string; type: 'secret' | 'publishable'; program: Program }
export type Known = {
  programs: Map<string, Program>
  /** By hash. */
  keys: Map<string, KnownKey>
  /** Publishable keys as they stand on pages, once they have been seen: each click brings one. */
  seen: Map<string, KnownKey>
  origins: Set<string>
}

const FRESH_MS = 1_000

/**
 * All programs and keys, kept in memory because every request asks for them. What this process changes it sees at
 * once, what another server changes within a second, and what another has made when it is asked for it.
 */
export class Directory {
  #database: Database
  #known: Known | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<Known> | null = null
  #version = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** Answers without waiting while what is known is fresh. */
  current(): Known | Promise<Known> {
    if (this.#known && performance.now() - this.#readAt < FRESH_MS) return this.#known
    this.#reading ??= this.#read()
    return this.#reading
  }

  /** A key by its hash, though another server made it a moment ago. */
  async key(hash: string): Promise<KnownKey | undefined> {
    const { keys: known } = await this.current()
    if (known.has(hash) || !(await keys.isLive(this.#database.db, hash))) return known.get(hash)
    return (await this.#anew()).keys.get(hash)
  }

  /** A program by its id, though another server made it a moment ago. */
  async program(id: string): Promise<Program | undefined> {
    const { programs: known } = await this.current()
    // No other text is worth a question, and some would be no text to a database.
    if (known.has(id) || !/^prog_\w+$/.test(id) || !(await programs.byId(this.#database.db, id))) return known.get(id)
    return (await this.#anew()).programs.get(id)
  }

  #anew() {
    this.forget()
    return this.current()
  }

  /** To be called after a commit that changed a program or a key. */
  forget() {
    this.#version++
    this.#readAt = Number.NEGATIVE_INFINITY
    this.#reading = null
  }

  async #read(): Promise<Known> {
    const version = this.#version
    const startedAt = performance.now()
    try {
      const [all, live] = await Promise.all([programs.all(this.#database.db), keys.live(this.#database.db)])
      const byId = new Map(all.map(program => [program.id, program]))
      const byHash = new Map<string, KnownKey>()
      for (const key of live) {
        const program = byId.get(key.programId)
        if (program) byHash.set(key.hash, { id: key.id, type: key.type, program })
      }
      const known = {
        programs: byId,
        keys: byHash,
        seen: new Map(),
        origins: new Set(all.flatMap(each => each.settings.allowedOrigins)),
      }
      // A change while this was being read makes it old before it is used.
      if (version === this.#version) {
        this.#known = known
        this.#readAt = startedAt
      }
      return known
    } finally {
      if (version === this.#version) this.#reading = null
    }
  }
}
