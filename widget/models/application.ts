import { batch, signal } from '@preact/signals'
import type { Api, ApplyField } from '../api.ts'
import { Failure } from '../failure.ts'

/** What is wrong with an answer: one of our sentences by its name, or the server's own. */
export type Fault = { says: 'nameMissing' | 'emailMissing' | 'emailWrong' | 'addressWrong' | 'answerMissing' } | { text: string }

/** The form's answers by field name; a program's own questions under `answers.<name>`. */
export type Answers = Record<string, string>

/** The application form: what is wrong with it, and whether it is on its way. */
export function application(api: Api, applied: () => void) {
  const sending = signal(false)
  const faults = signal<Record<string, Fault>>({})
  const failure = signal<Failure | undefined>()

  async function submit(answers: Answers, fields: ApplyField[]) {
    if (sending.peek()) return
    batch(() => {
      faults.value = faultsIn(answers, fields)
      failure.value = undefined
      sending.value = Object.keys(faults.value).length === 0
    })
    if (!sending.peek()) return
    try {
      const token = await api.apply(asSent(answers))
      applied()
      api.remember(token)
    } catch (error) {
      refused(Failure.from(error), new Set(Object.keys(answers)))
    }
  }

  function refused(refusal: Failure, known: Set<string>) {
    const at = refusal.fields.filter(field => known.has(field.path))
    batch(() => {
      sending.value = false
      faults.value = Object.fromEntries(at.map(({ path, message }) => [path, { text: message }]))
      failure.value = at.length > 0 ? undefined : refusal
    })
  }

  function changed(name: string) {
    const { [name]: mended, ...rest } = faults.value
    if (mended) faults.value = rest
  }

  return { sending, faults, failure, submit, changed }
}

export type Application = ReturnType<typeof application>

/** What can be told without asking the server, which checks all of it again. */
export function faultsIn(answers: Answers, fields: ApplyField[]): Record<string, Fault> {
  const { name, email, website } = answers
  const found: Record<string, Fault> = {}
  if (!name) found.name = { says: 'nameMissing' }
  if (!email) found.email = { says: 'emailMissing' }
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) found.email = { says: 'emailWrong' }
  if (website && !isWebAddress(website)) found.website = { says: 'addressWrong' }
  for (const field of fields) {
    const path = `answers.${field.name}`
    const answer = answers[path]
    if (field.required && !answer) found[path] = { says: 'answerMissing' }
    else if (field.type === 'url' && answer && !isWebAddress(answer)) found[path] = { says: 'addressWrong' }
  }
  return found
}

function isWebAddress(address: string) {
  return /^https?:\/\/[^\s.]+\.[^\s]/i.test(address) && URL.canParse(address)
}

function asSent({ name = '', email = '', website, reason, ...rest }: Answers) {
  const own = Object.entries(rest).filter(([, answer]) => answer)
  const answers = Object.fromEntries(own.map(([path, answer]) => [path.replace(/^answers\./, ''), answer]))
  return { name, email, ...(website && { website }), ...(reason && { reason }), ...(own.length > 0 && { answers }) }
}
