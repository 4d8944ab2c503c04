import type { Calendar } from '../calendar.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import { payOf, type Speech, sentenceFor } from '../speech.ts'
import type { Wording } from '../wording/wording.ts'
import { Chart } from './chart.tsx'
import { Earnings } from './earnings.tsx'
import { Figures } from './figures.tsx'
import { State, Title } from './parts.tsx'

export type Words = Speech<Wording>
type Props = { model: Model; words: Words; dates: Calendar }

export function Dashboard({ model, words, dates }: Props) {
  const { say, money } = words
  const { affiliate, program } = model.reply.value
  const failure = model.failure.value
  const isActive = affiliate.status === 'active'
  return (
    <div class="dashboard">
      <header>
        <div>
          <Title>{say.dashboardTitle}</Title>
          <p>{say.youEarn(payOf(program, words, affiliate.commissionRate))}</p>
        </div>
        <State tone={isActive ? 'good' : 'waiting'}>{isActive ? say.active : say.invited}</State>
      </header>
      <LinkRow model={model} say={say} />
      {failure && (
        <div class="alert" role="alert">
          {sentenceFor(failure, words)} {say.stale}{' '}
          <button type="button" class="plain" onClick={model.retry}>
            {say.retry}
          </button>
        </div>
      )}
      <Figures reply={model.reply.value} words={words} />
      <Chart model={model} words={words} dates={dates} />
      <Earnings model={model} words={words} dates={dates} />
      <p class="note" part="note">
        {say.rules({
          first: program.attribution === 'first',
          clickDays: program.cookieDurationDays,
          holdingDays: program.holdingPeriodDays,
          minimum: money(program.minPayoutAmount, program.currency),
        })}
      </p>
    </div>
  )
}

function LinkRow({ model, say }: { model: Model; say: Wording }) {
  const { link } = model.reply.value
  const copying = model.copying.value
  return (
    <div class="link" part="link-row">
      <input id="link" readOnly value={link} aria-label={say.yourLink} dir="ltr" part="input" onFocus={select} />
      <button type="button" class="primary" part="button" onClick={event => copy(event, link, model)}>
        {copying === 'copied' ? say.copied : say.copyLink}
      </button>
      <span role="status" class={copying === 'by-hand' ? 'by-hand' : 'hidden'}>
        {copying === 'copied' ? say.copied : copying === 'by-hand' ? say.copyByHand : ''}
      </span>
    </div>
  )
}

/** Copies in place. A page without a secure origin, or a frame without leave, has no clipboard: the text is selected instead. */
export async function copy(event: Event, link: string, model: Model) {
  const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot
  try {
    await navigator.clipboard.writeText(link)
    model.copied(link, false)
  } catch {
    const input = root.getElementById('link') as HTMLInputElement
    input.focus()
    input.select()
    model.copied(link, !document.execCommand('copy'))
  }
}

function select({ currentTarget }: Event) {
  ;(currentTarget as HTMLInputElement).select()
}
