import type { TestProject } from 'vitest/node'
import { start } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server on which tests may make databases; in the projects `postgres` and `e2e` only. */
    postgresUrl: string
  }
}

/** One server for all of a project's files. End-to-end tests kill and restart, so theirs writes to the disk in earnest. */
export default async function setup(project: TestProject) {
  const { TEST_POSTGRES_URL: given } = process.env
  if (given) return project.provide('postgresUrl', given)
  const postgres = await start({ durable: project.name === 'e2e' })
  project.provide('postgresUrl', postgres.url)
  return postgres.stop
}
