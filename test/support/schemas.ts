import { Ajv, addFormats } from '@modelcontextprotocol/server/validators/ajv'
import type { Document } from '../../server/openapi/document.ts'
import type { JsonSchema } from '../../server/openapi/schemas.ts'

/** What checks a value against a schema of the document: undefined where it fits, what is wrong with it otherwise. */
export function validator(document: Document) {
  // Draft 2020-12 is what OpenAPI 3.1 speaks; of its words the document uses those that every draft has.
  const ajv = new Ajv({ strict: false, validateFormats: true, allErrors: false })
  addFormats(ajv)
  ajv.addSchema({ $id: 'document', components: document.components })
  // By its words, because the same schema stands in many places and is slow to make ready.
  const known = new Map<string, ReturnType<typeof ajv.compile>>()
  return (schema: JsonSchema, value: unknown) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')
    const check = known.get(text) ?? ajv.compile(JSON.parse(text))
    known.set(text, check)
    return check(value) ? undefined : ajv.errorsText(check.errors)
  }
}
