import { describe, expect, test } from 'vitest'
import type { Api, ApplyField } from '../../widget/api.ts'
import { Failure } from '../../widget/failure.ts'
import { completeAddress } from '../../widget/models/address.ts'
import { type Answers, application, faultsIn } from '../../widget/models/application.ts'

const good = { name: 'Jane', email: 'jane@example.com', website: '', reason: '' }
const question = (over: Partial<ApplyField>): ApplyField => ({
  name: 'own',
  label: 'Own',
  type: 'text',
  required: false,
  options: [],
  ...over,
})

describe('What is wrong with the answers', () => {
  test.each<[Answers, ApplyField[], object]>([
    [good, [], {}],
    [{ ...good, name: '' }, [], { name: { says: 'nameMissing' } }],
    [{ ...good, email: '' }, [], { email: { says: 'emailMissing' } }],
    [{ ...good, email: 'jane@exam' }, [], { email: { says: 'emailWrong' } }],
    [{ ...good, email: 'jane@example.' }, [], { email: { says: 'emailWrong' } }],
    [{ ...good, email: 'jane doe@example.com' }, [], { email: { says: 'emailWrong' } }],
    [{ ...good, website: 'https://jane.example/blog' }, [], {}],
    [{ ...good, website: 'jane' }, [], { website: { says: 'addressWrong' } }],
    [{ ...good, website: 'javascript:alert(1)' }, [], { website: { says: 'addressWrong' } }],
    [{ ...good, 'answers.own': '' }, [question({ required: true })], { 'answers.own': { says: 'answerMissing' } }],
    [{ ...good, 'answers.own': '' }, [question({})], {}],
    [{ ...good, 'answers.own': 'nowhere' }, [question({ type: 'url' })], { 'answers.own': { says: 'addressWrong' } }],
  ])('in %o with %o is %o', (answers, fields, faults) => {
    expect(faultsIn(answers, fields)).toEqual(faults)
  })
})

test.each([
  ['example.com', 'https://example.com'],
  [' www.example.com/jane ', 'https://www.example.com/jane'],
  ['http://example.com', 'http://example.com'],
  ['jane', 'jane'],
  ['', ''],
  ['mailto:jane@example.com', 'mailto:jane@example.com'],
  ['example.com:8080', 'https://example.com:8080'],
])('The address %o is completed to %o', (typed, address) => {
  expect(completeAddress(typed)).toBe(address)
})

describe('The form', () => {
  // The network stands at the model's edge; here it is a promise that the test settles.
  function form() {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const sent: object[] = []
    const log: string[] = []
    const api = {
      apply(answers: object) {
        sent.push(answers)
        return promise
      },
      remember: (token: string) => void log.push(`remembered ${token}`),
    } as Pick<Api, 'apply' | 'remember'> as Api
    return { model: application(api, () => void log.push('applied')), sent, log, resolve, reject }
  }

  test('sends what was answered, leaves out what was not, and then says so', async () => {
    const { model, sent, log, resolve } = form()
    const done = model.submit({ ...good, 'answers.own': 'Yes', 'answers.other': '' }, [])
    expect(model.sending.value).toBe(true)
    resolve('token')
    await done
    expect(sent).toEqual([{ name: 'Jane', email: 'jane@example.com', answers: { own: 'Yes' } }])
    expect(log).toEqual(['applied', 'remembered token'])
  })

  test('puts what the server says at its fields, until they are changed', async () => {
    const { model, reject } = form()
    const done = model.submit(good, [])
    reject(new Failure('invalid', { fields: [{ path: 'email', message: 'Taken.' }] }))
    await done
    expect([model.sending.value, model.faults.value, model.failure.value]).toEqual([
      false,
      { email: { text: 'Taken.' } },
      undefined,
    ])
    model.changed('name')
    expect(model.faults.value).toEqual({ email: { text: 'Taken.' } })
    model.changed('email')
    expect(model.faults.value).toEqual({})
  })

  test('keeps a refusal that is at no field of it as one of the whole', async () => {
    const { model, reject } = form()
    const done = model.submit(good, [])
    reject(new TypeError('a bug'))
    await done
    expect(model.failure.value?.code).toBe('widget_fault')
  })
})
