import type { TestProject } from 'vitest/node'
import { migrated } from './migrated.ts'
import { dropDatabase, freshDatabase, start } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server on which tests may make databases; in the projects `postgres` and `e2e` only. */
    postgresUrl: string
    /** What `readyDatabase` copies: a file, or the name of a database on that server; in `sqlite` and `postgres` only. */
    template: string
  }
}

/** One server for all of a project's files. End-to-end tests kill and restart, so theirs writes to the disk in earnest. */
export default async function setup(project: TestProject) {
  const { TEST_POSTGRES_URL: given } = process.env
  const postgres = given ? null : await start({ durable: project.name === 'e2e' })
  const url = given ?? (postgres?.url as string)
  project.provide('postgresUrl', url)
  if (project.name !== 'postgres') return () => postgres?.stop()

  const template = await freshDatabase(url)
  await migrated(template)
  project.provide('template', new URL(template).pathname.slice(1))
  return async () => {
    await dropDatabase(template)
    await postgres?.stop()
  }
}
