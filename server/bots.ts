import { createIsbotFromList, list } from 'isbot'

// A headless browser by its own name is somebody's test of their site, and should see the click that it made. Whoever
// wants to pass for a person does not use that name.
const isListed = createIsbotFromList(list.filter(pattern => pattern !== 'headless'))

const agents = new Map<string, boolean>()

/** Few browsers send most clicks, and looking a user agent up is cheaper than matching it against all bots. */
export function isBot(userAgent: string) {
  const agent = userAgent.slice(0, 500)
  let known = agents.get(agent)
  if (known === undefined) {
    known = agent === '' || isListed(agent)
    if (agents.size > 5_000) agents.clear()
    agents.set(agent, known)
  }
  return known
}
