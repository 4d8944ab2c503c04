import * as v from 'valibot'
import { expect } from 'vitest'
import { ProblemReply } from '../../server/contract/problem.ts'
import { knownProblems } from '../../server/problem.ts'
import type { Reply } from './server.ts'

const statusOf = new Map<string, number>(knownProblems().map(({ code, status }) => [code, status]))

/** What a reply says, if it is what the contract promises: this status, every field, and no field beside them. */
export function answered<S extends v.GenericSchema>(reply: Reply, status: number, schema: S): v.InferOutput<S> {
  expect(reply.status, reply.text).toBe(status)
  const said = v.parse(schema, reply.body)
  expect(reply.body).toEqual(said)
  return said
}

/** What a reply refuses with, if it is a problem as the contract has it, of a code that is explained and is the client's doing. */
export function problem(reply: Reply) {
  expect(reply.headers.get('content-type'), reply.text).toBe('application/problem+json')
  const said = answered(reply, reply.status, ProblemReply)
  expect(statusOf.get(said.code)).toBe(reply.status)
  expect(said.status).toBe(reply.status)
  expect(reply.status, said.code).toBeLessThan(500)
  return said
}

/** The fields that a reply finds fault with, if it refuses with this status and code. */
export function refused(reply: Reply, status: number, code: string) {
  const said = problem(reply)
  expect([reply.status, said.code], reply.text).toEqual([status, code])
  return [...new Set((said.errors ?? []).map(each => each.path))]
}
