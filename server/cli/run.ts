import { parseArgs } from 'node:util'
import { BadConfig } from '../config.ts'
import { NoAnswer } from '../installation.ts'
import { info } from '../openapi/words.ts'
import { Problem } from '../problem.ts'
import { DatabaseRefused, isUnavailable } from '../store/database.ts'
import { CONFIGURATION, COULD_NOT, type Command, CouldNot, Misused, OK, USAGE } from './command.ts'
import { commands } from './commands.ts'
import { complain, say } from './terminal.ts'

const HELP = { type: 'boolean', short: 'h', about: 'Say this' } as const

/** Does what a command line asks for, and answers the code to end with. */
export async function run(line: string[]): Promise<number | undefined> {
  const [name, ...rest] = line
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const wanted = name === 'help' ? rest[0] : undefined
    if (wanted === undefined) return told(general())
    return commands[wanted] ? run([wanted, '--help']) : misused(`There is no command ${wanted}`)
  }
  if (name === '--version' || name === '-v') return told(info.version)
  const listed = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!listed) return misused(`There is no command ${name}`)
  const { command } = await listed.load()
  try {
    const asked = parsed(command, rest)
    if (asked.options.help) return told(help(name, listed.summary, command))
    return await command.run(asked)
  } catch (error) {
    return failed(name, error)
  }
}

function parsed(command: Command, args: string[]) {
  const { values, positionals } = read(command, args)
  const [from, to] = command.words ?? [0, 0]
  if (!values.help && (positionals.length < from || positionals.length > to)) {
    const extra = positionals[to]
    throw new Misused(extra === undefined ? `It takes ${command.takes}` : `It does not take "${extra}"`)
  }
  return { options: values as Record<string, string | boolean | string[] | undefined>, words: positionals }
}

function read(command: Command, args: string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: HELP }).map(
      ([name, { about: _, value: __, ...option }]: [string, Command['options'][string]]) => [name, option],
    ),
  )
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new Misused((error as Error).message.split('. ')[0])
  }
}

function failed(name: string, error: unknown) {
  if (error instanceof Misused) return misused(error.message, name)
  if (!(error instanceof Error)) throw error
  if (error instanceof NoAnswer) return ended(error.message, COULD_NOT)
  if (error instanceof BadConfig) return ended(error.message, CONFIGURATION)
  if (error instanceof Problem) return ended(sentence(error), COULD_NOT)
  if (error instanceof CouldNot || error instanceof DatabaseRefused) return ended(error.message, COULD_NOT)
  if (isUnavailable(error)) return ended(`The database does not answer: ${error.message}`, COULD_NOT)
  throw error
}

function sentence(problem: Problem) {
  const { title, detail, errors } = problem.body()
  return `${title}. ${errors?.map(each => each.message).join(' ') ?? detail}`
}

function misused(message: string, name = '') {
  complain(`${message}.\nSee: mislata ${name ? `${name} ` : ''}--help`)
  return USAGE
}

function ended(message: string, code: number) {
  complain(message)
  return code
}

function told(text: string) {
  say(text)
  return OK
}

function general() {
  const width = Math.max(...Object.keys(commands).map(each => each.length)) + 2
  return [
    'Usage: mislata <command> [options]',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`),
    '',
    'mislata <command> --help says more. Configuration is in environment variables, the same as the server has.',
    '',
    'Ends with 0 where all is well, 1 where something was found, 2 for a wrong command line, 3 where it could not be',
    'done, 78 for configuration that cannot be used.',
  ].join('\n')
}

function help(name: string, summary: string, { takes, about, options }: Command) {
  const rows = Object.entries({ ...options, help: HELP } as Command['options']).map(([option, { value, short, about }]) => [
    `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`,
    about,
  ])
  const width = Math.max(...rows.map(([left = '']) => left.length)) + 2
  return [
    `Usage: mislata ${name}${takes ? ` ${takes}` : ''} [options]`,
    '',
    `${summary}.`,
    ...about,
    '',
    ...rows.map(([left = '', right]) => `  ${left.padEnd(width)}${right}`),
  ].join('\n')
}
