import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import * as v from 'valibot'
import { Password } from '../contract/auth.ts'
import { randomText } from '../program/ids.ts'
import { CouldNot } from './command.ts'

/**
 * A password that is not on the command line, where everybody on the machine could read it: asked for on a terminal without
 * being shown, else the first line of standard input; or a new one, which whoever asks for it says once it holds.
 */
export async function passwordFor(email: string, { generate }: { generate: boolean }) {
  if (generate) return randomText(20)
  const typed = process.stdin.isTTY ? await asked(email) : await firstLine()
  const read = v.safeParse(Password, typed)
  if (!read.success) throw new CouldNot(`That is no password: ${read.issues[0].message}`)
  return read.output
}

async function asked(email: string) {
  const first = await hidden(`Password for ${email}: `)
  if ((await hidden('Once more: ')) !== first) throw new CouldNot('The two are not alike.')
  return first
}

function hidden(question: string) {
  process.stderr.write(question)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silence, terminal: true })
  return new Promise<string>((resolve, reject) => {
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => reject(new CouldNot('No password was given.')))
    lines.question('', answer => {
      process.stderr.write('\n')
      resolve(answer)
      lines.close()
    })
  })
}

async function firstLine() {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}
