import { batch, computed, signal } from '@preact/signals'
import { ask, signedOut } from '../api.ts'
import { Failure } from '../failure.ts'
import { parts } from './place.ts'

export type Role = 'owner' | 'manager' | 'finance' | 'read_only'
export type Program = {
  id: string
  name: string
  siteUrl: string
  currency: string
  mode: 'live' | 'test'
  timeZone: string
  brand: { logoUrl: string | null; accent: string }
}
export type Me = {
  id: string
  email: string
  role: Role
  secondFactor: boolean
  mustEnrol: boolean
  recoveryCodesLeft: number
  sessionId: string
  expiresAt: string
  programs: Program[]
}

/** Who is signed in: undefined before the server has said, null where nobody is. */
export const me = signal<Me | null | undefined>(undefined)
/** Why it is not known who is signed in. */
export const unknown = signal<Failure | undefined>(undefined)
/** Signed out by the server, in the middle of something. */
export const hasEnded = signal(false)

const LAST = 'mislata-console-program'

/** The program that is shown: the address names it. */
export const program = computed<Program | undefined>(() => me.value?.programs.find(each => each.id === parts.value[0]))

/** `/v1/apps/prog_1`, of the program that is shown. */
export const app = (path = '') => `/v1/apps/${program.value?.id ?? ''}${path}`
/** `/console/prog_1/partners`, of the program that is shown. */
export const screen = (path = '') => `/console/${program.value?.id ?? ''}${path && `/${path}`}`

/** What a role may do; the server asks again. */
export const may = {
  money: computed(() => !!me.value && me.value.role !== 'read_only'),
  manage: computed(() => me.value?.role === 'owner' || me.value?.role === 'manager'),
  own: computed(() => me.value?.role === 'owner'),
}

export const roleNames: Record<Role, string> = { owner: 'Owner', manager: 'Manager', finance: 'Finance', read_only: 'Read only' }

signedOut.tell = () => {
  if (me.peek())
    batch(() => {
      hasEnded.value = true
      me.value = null
    })
}

/** Asks who is signed in; at the start, and where programs or the second factor have changed. */
export async function refresh() {
  unknown.value = undefined
  try {
    me.value = await ask<Me>('GET', '/v1/auth/me')
  } catch (error) {
    const failure = Failure.from(error)
    if (failure.status === 401) me.value = null
    else unknown.value = failure
  }
}

/** Signs in. A second factor that is needed comes back as the failure `second_factor_needed`. */
export async function signIn(email: string, password: string, code: string) {
  const body = { email, password, console: true, ...(code && { code: code.replaceAll(/\s/g, '') }) }
  const reply = await ask<{ admin: Me }>('POST', '/v1/auth/login', { body })
  batch(() => {
    hasEnded.value = false
    me.value = reply.admin
  })
}

export async function signOut() {
  await ask('POST', '/v1/auth/logout', { body: {} }).catch(() => {})
  batch(() => {
    hasEnded.value = false
    me.value = null
  })
}

/** The program to begin with: the last that was looked at, or the first. */
export function firstProgram(): Program | undefined {
  const { programs } = me.peek() ?? { programs: [] }
  return programs.find(each => each.id === remembered()) ?? programs[0]
}

// A browser may keep nothing for us; then every visit begins with the first program.
function remembered() {
  try {
    return localStorage.getItem(LAST)
  } catch {
    return null
  }
}

export function remember(id: string) {
  try {
    localStorage.setItem(LAST, id)
  } catch {}
}
