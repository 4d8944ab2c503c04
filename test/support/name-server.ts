import { createSocket } from 'node:dgram'
import type { Resolver } from 'node:dns/promises'

const A = 1
const AAAA = 28

/**
 * A DNS server that a resolver asks from now on, and no other: `answers` has the addresses of each name, one list for
 * each time that it is asked, the last of them for ever.
 */
export async function nameServer(resolver: Resolver, answers: Record<string, { a?: number[][][]; aaaa?: number[][][] }>) {
  const asked = new Map<string, number>()
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const { name, type, end } = readQuestion(question)
    const lists = type === A ? answers[name]?.a : type === AAAA ? answers[name]?.aaaa : undefined
    const key = `${name} ${type}`
    const time = asked.get(key) ?? 0
    asked.set(key, time + 1)
    const addresses = lists?.[Math.min(time, lists.length - 1)] ?? []
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(answers[name] ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(addresses.length, 6)
    head.fill(0, 8, 12)
    socket.send(Buffer.concat([head, question.subarray(12, end), ...addresses.map(each => record(type, each))]), from.port)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const before = resolver.getServers()
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    /** How often a name was asked for. */
    times: (name: string) => asked.get(`${name} ${A}`) ?? 0,
    close() {
      resolver.setServers(before)
      socket.close()
    },
  }
}

function readQuestion(message: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length; length = message[at] ?? 0) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 }
}

/** An answer that may not be kept for a second. It names the question's own name, at byte 12. */
function record(type: number, address: number[]) {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(0, 6)
  head.writeUInt16BE(address.length, 10)
  return Buffer.concat([head, Buffer.from(address)])
}
