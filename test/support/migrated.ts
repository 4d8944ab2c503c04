import { ready } from '../../server/installation.ts'

/** Gives an empty database its tables, as a first start does, and leaves it to nobody. */
export async function migrated(url: string) {
  const database = await ready(url)
  await database.close()
}
