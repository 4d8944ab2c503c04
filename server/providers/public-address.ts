import { Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What stands in an error's `code` where a name leads to an address that is not public. */
export const NOT_PUBLIC = 'NOT_PUBLIC'

/** Who is asked for names' addresses. */
export const resolver = new Resolver({ timeout: 3_000, tries: 2 })

// Of IPv6 only this has been given out. That leaves out what is routed to an IPv4 address in other clothes, `::127.0.0.1`
// and `::ffff:0:7f00:1` among it, which lists of private networks forget.
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number]

// Public by its number, but on Azure it is the machine's own host.
const hosts = ['168.63.129.16']

/** True for an address that belongs to somebody on the internet: not this machine, not its network, not a tunnel to either. */
export function isPublicAddress(text: string) {
  if (!ipaddr.isValid(text) || isIP(text) === 0 || hosts.includes(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(globalUnicast)
}

// Names that never leave this machine or its network, whatever a resolver makes of them.
const localNames = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa)$/

/**
 * True where a host, as `new URL` writes it, may be public: a public address, or a name that looks like one of the
 * internet's. Where the name leads is only known at the dial, and asked there.
 */
export function mayBePublic(hostname: string) {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host)) return isPublicAddress(host)
  return host.includes('.') && !localNames.test(host)
}

/**
 * Finds a name's addresses, and none where any of them is not public. What is found is what is dialled, so a name
 * cannot change in between. It asks DNS itself instead of the system, whose four threads a few dead names would block.
 */
export const lookupPublic: LookupFunction = (hostname, { all }, told) => {
  publicAddresses(hostname).then(
    addresses => (all ? told(null, addresses) : told(null, addresses[0]?.address ?? '', addresses[0]?.family)),
    error => told(error, []),
  )
}

async function publicAddresses(hostname: string) {
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  const addresses = found.flatMap((each, index) =>
    each.status === 'fulfilled' ? each.value.map(address => ({ address, family: index ? 6 : 4 })) : [],
  )
  if (!addresses.length) throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' })
  if (!addresses.every(each => isPublicAddress(each.address)))
    throw Object.assign(new Error(`${hostname} is not on the internet`), { code: NOT_PUBLIC })
  return addresses
}
