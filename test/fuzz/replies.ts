import type { Document } from '../../server/openapi/document.ts'
import { validator } from '../support/schemas.ts'

type Reply = { status: number; type: string; body: unknown; text: string }

/** Tells what is wrong with an answer by its OpenAPI document; undefined where nothing is. */
export function replyCheck(document: Document) {
  const check = validator(document)
  return ({ method, path }: { method: string; path: string }, { status, type, body, text }: Reply) => {
    const reply = document.paths[path]?.[method.toLowerCase()]?.responses[status]
    if (!reply) return `status ${status} is not in the document`
    if (!reply.content) return text === '' ? undefined : `status ${status} has no body in the document`
    const kind = type.split(';')[0]?.trim() ?? ''
    const media = reply.content[kind]
    if (!media) return `${kind || 'no type'} is not in the document for ${status}`
    const fault = body === undefined ? undefined : check(media.schema, body)
    if (fault) return `the answer is not what the document says: ${fault}`
    const { code } = (body ?? {}) as { code?: string }
    if (status >= 400 && code && media.examples && !(code in media.examples)) return `the code ${code} is not in the document`
    return undefined
  }
}
