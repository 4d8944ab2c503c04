import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Company, everybody } from './companies/company.ts'
import { hexrack } from './companies/hexrack.ts'
import { kilnhouse } from './companies/kilnhouse.ts'
import { warraq } from './companies/warraq.ts'
import { host, type SiteName } from './host.ts'
import { type Keys, seed } from './seed.ts'

export const companies: Record<SiteName, Company> = { kilnhouse, hexrack, warraq }
export const siteNames = Object.keys(companies) as SiteName[]

export type OpenOptions = {
  api: string
  admin: { email: string; password: string }
  ports: Record<SiteName, number>
  /** Where keys and records are kept; without it they end with the process. */
  folder?: string
}

export type OpenSite = { url: string; appId: string; secretKey: string }

/** All three companies on a Mislata that is up: programs seeded where they are not yet, sites listening. */
export async function open({ api, admin, ports, folder }: OpenOptions) {
  if (folder) mkdirSync(folder, { recursive: true })
  const known = (folder && readKeys(folder)) || {}

  // Side by side, because each waits for the server most of the time.
  const opened = await Promise.all(
    siteNames.map(async site => {
      const company = companies[site]
      const siteUrl = `http://localhost:${ports[site]}`
      const login = { adminEmail: admin.email, adminPassword: admin.password }
      const { appId, secretKey, publishableKey } = await seed({ api, ...login, company, siteUrl, known: known[site] })
      const keys = { appId, secretKey, publishableKey }
      const file = folder && `${folder}/${site}.json`
      const running = await host({
        site,
        port: ports[site],
        api,
        secretKey,
        publishableKey,
        people: everybody(company),
        ...(file && { file }),
      })
      return { site, keys, running }
    }),
  )
  const byName = <T>(of: (one: (typeof opened)[number]) => T) =>
    Object.fromEntries(opened.map(one => [one.site, of(one)])) as Record<SiteName, T>
  if (folder)
    writeKeys(
      folder,
      byName(one => one.keys),
    )
  return {
    sites: byName(({ running, keys }): OpenSite => ({ url: running.url, appId: keys.appId, secretKey: keys.secretKey })),
    close: () => Promise.all(opened.map(one => one.running.close())),
  }
}

function readKeys(folder: string): Partial<Record<SiteName, Keys>> | undefined {
  try {
    return JSON.parse(readFileSync(`${folder}/keys.json`, 'utf8'))
  } catch {
    // The first start, or a file that was deleted or damaged: new keys are made.
    return undefined
  }
}

function writeKeys(folder: string, keys: Record<SiteName, Keys>) {
  writeFileSync(`${folder}/keys.json`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
}
