import { express, hono, next } from 'mislata/middleware'
import {
  MislataApply,
  type MislataComponent,
  MislataDashboard,
  MislataProgram,
  type MislataProps,
  MislataRefer,
  MislataStatus,
} from 'mislata/react'
import { Mislata, MislataError, verifyWebhook } from 'mislata/sdk'
import { type Api, mount, ready, type Settings } from 'mislata/snippet'
import type { Events, GetToken, MislataElement, Wording } from 'mislata/widget'
import { useRef } from 'react'
import 'mislata/widget'

// Everything that the package exports, used as an app would. It is compiled and not run.
const getToken: GetToken = async () => null
const wording: Partial<Wording> = { applyTitle: 'Join' }

export function Page() {
  const ref = useRef<MislataElement>(null)
  const usual = { api: '/', publishableKey: 'mislata_pk_1', getToken, wording } satisfies MislataProps
  return (
    <>
      <MislataProgram
        {...usual}
        ref={ref}
        theme="dark"
        lang="de"
        dir="rtl"
        className="partners"
        style={{ '--mislata-bg': '#fff' }}
      />
      <MislataApply {...usual} onApplied={() => {}} onReady={() => {}} data-page="apply" aria-label="Apply" />
      <MislataStatus {...usual} onStatus={({ detail }) => detail.status.length} key="status" id="status" hidden />
      <MislataDashboard {...usual} token="eyJ" onCopied={({ detail }) => detail.text.length} title="Earnings" slot="main" />
      <MislataRefer api="/" onError={({ detail }) => detail.code.length} />
      {/* @ts-expect-error: In a bundle the server has to be named. */}
      <MislataRefer />
      {/* @ts-expect-error: There is no such theme. */}
      <MislataRefer api="/" theme="blue" />
      {/* @ts-expect-error: What is told has no such name. */}
      <MislataRefer api="/" onCopied={({ detail }) => detail.status} />
      {/* @ts-expect-error: There is no sentence of that name. */}
      <MislataRefer api="/" wording={{ joinUs: 'Join' }} />
    </>
  )
}

export const components: MislataComponent[] = [MislataProgram, MislataApply]
export const told: Events['status'] = { status: 'pending' }

const element = document.querySelector('mislata-dashboard')
if (element) {
  element.getToken = getToken
  element.wording = wording
  element.addEventListener('mislata:error', ({ detail }) => detail.code.length)
  // @ts-expect-error: A token is text.
  element.getToken = async () => 1
}

const settings: Settings = { api: '/', attribution: 'first', consent: 'required', days: 60, domain: 'acme.com' }
mount({ ...settings, forms: 'auto', stripe: 'auto', linkDomains: ['acme.com', 'acme.de'], cleanUrl: true, params: ['via'] })
ready((api: Api) => api.consent(true))
window.mislata?.push(api => api.link('https://acme.de'))
// @ts-expect-error: In a bundle the server has to be named.
mount({ key: 'mislata_pk_1' })

const mislata = new Mislata({ apiKey: 'mislata_sk_1', baseUrl: 'https://partners.example.com' })
export async function calls() {
  const { status } = await mislata.affiliates.apply({ email: 'jane@example.com', name: 'Jane' })
  const settled: 'pending' | 'approved' = status
  const commissions = await mislata.commissions.list()
  // @ts-expect-error: An amount is a number.
  const amount: string = commissions.data[0]?.amount
  const event = await verifyWebhook({ payload: '{}', headers: new Headers(), secret: 'whsec_1' })
  return [settled, amount, event instanceof MislataError]
}

export const captures = [hono, express, next].map(capture => capture({ api: 'https://partners.example.com', days: 60 }))
// @ts-expect-error: It has to be told where the server is.
hono({ key: 'mislata_pk_1' })
