import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Whom a request comes from. Behind proxies that are trusted, X-Forwarded-For is read from the right: each trusted hop
 * vouches for the one before it, and the first that nobody vouches for is the visitor. IPv6 counts by /64, because
 * that is what one visitor has; one address has one spelling.
 */
export function visitorAddress(trusted: string[]) {
  const networks = trusted.map(network)
  // Proxies are few and stand in every request.
  const proxies = new Map<string, boolean>()

  return (peer: string | undefined, forwardedFor: string | undefined) => {
    let address = peer ?? ''
    if (networks.length && forwardedFor) {
      const hops = forwardedFor.split(',')
      while (hops.length && vouches(address)) {
        const before = withoutPort((hops.pop() ?? '').trim())
        if (!isAddress(before)) break
        address = before
      }
    }
    return canonical(address)
  }

  function vouches(address: string) {
    let known = proxies.get(address)
    if (known === undefined) {
      known = isTrusted(address, networks)
      if (proxies.size > 1_000) proxies.clear()
      proxies.set(address, known)
    }
    return known
  }
}

// Some proxies add the port that the visitor came from.
function withoutPort(hop: string) {
  if (isIP(hop)) return hop
  const [, ipv6, ipv4] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(hop) ?? []
  return ipv6 ?? ipv4 ?? hop
}

// Node knows the common spellings, in a tenth of the time; the library knows the rare ones.
const isAddress = (text: string) => isIP(text) !== 0 || ipaddr.isValid(text)

function canonical(text: string) {
  if (isIPv4(text)) return text
  if (!ipaddr.isValid(text)) return 'unknown'
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map(part => part.toString(16))
    .join(':')}::/64`
}

function isTrusted(text: string, networks: Network[]) {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return networks.some(
    each => each[0].kind() === address.kind() && address.match(each as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]),
  )
}

function network(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
