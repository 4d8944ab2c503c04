import type { Command } from './command.ts'

type Listed = { summary: string; load(): Promise<{ command: Command }> }

/** In the order in which somebody needs them. What a command needs is loaded with it. */
export const commands: Record<string, Listed> = {
  serve: { summary: 'Run the server', load: () => import('./serve.ts') },
  migrate: { summary: 'Bring the tables up to date', load: () => import('./migrate.ts') },
  admin: { summary: 'Make, list and remove admins; reset a password', load: () => import('./admin.ts') },
  doctor: { summary: 'Check configuration, database, clock, mail and a site', load: () => import('./doctor.ts') },
  verify: { summary: 'Check the database and the books of all programs', load: () => import('./verify.ts') },
  backup: { summary: 'Copy the database while the server works', load: () => import('./backup.ts') },
  restore: { summary: 'Put a backup in place', load: () => import('./restore.ts') },
  import: { summary: 'Move in from another system, or from an export', load: () => import('./import.ts') },
  export: { summary: 'Write out everything of a program', load: () => import('./export.ts') },
}
