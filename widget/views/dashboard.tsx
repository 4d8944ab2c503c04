import type { ComponentChildren } from 'preact'
import type { Program } from '../api.ts'
import type { Calendar } from '../calendar.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Sharing } from '../models/sharing.ts'
import { payOf, type Speech, sentenceFor } from '../speech.ts'
import type { Groups } from '../wording/wording.ts'
import { Chart } from './chart.tsx'
import { Earnings } from './earnings.tsx'
import { Figures } from './figures.tsx'
import { LinkRow } from './link.tsx'
import { State, Title } from './parts.tsx'
import { Tabs } from './tabs.tsx'

export type Sentences = Groups['start'] & Groups['account'] & Groups['dashboard']
export type Words = Speech<Sentences>
type Props = { model: Model; sharing: Sharing; words: Words; dates: Calendar }

/** `section` is what stands under the other tabs than the first. */
export function Dashboard({ section, ...props }: Props & { section: () => ComponentChildren }) {
  const { model, words } = props
  const { say, fill } = words
  const { affiliate, program } = model.reply.value
  const { isFlat, ...pay } = payOf(program, words, affiliate.commissionRate)
  const isActive = affiliate.status === 'active'
  return (
    <div class="dashboard">
      <header>
        <div>
          <Title>{say.dashboardTitle}</Title>
          <p>{fill(isFlat ? say.youEarnFlat : say.youEarn, pay)}</p>
        </div>
        <State tone={isActive ? 'good' : 'waiting'}>{isActive ? say.active : say.invited}</State>
      </header>
      <Tabs model={model} say={say}>
        {model.tab.value === 'overview' ? <Overview {...props} /> : section()}
      </Tabs>
    </div>
  )
}

function Overview({ model, sharing, words, dates }: Props) {
  const { say } = words
  const { affiliate, program, link } = model.reply.value
  const failure = model.failure.value
  return (
    <>
      <LinkRow
        sharing={sharing}
        words={words}
        link={link}
        code={affiliate.code}
        label={say.yourLink}
        title={program.name}
        primary
      />
      {failure && (
        <div class="alert" role="alert">
          {sentenceFor(failure, words) + words.gap + say.stale}{' '}
          <button type="button" class="plain" onClick={model.retry}>
            {say.retry}
          </button>
        </div>
      )}
      <Figures reply={model.reply.value} words={words} />
      <Chart model={model} words={words} dates={dates} />
      <Earnings model={model} sharing={sharing} words={words} dates={dates} />
      <p class="note" part="note">
        <Rules program={program} words={words} />
      </p>
    </>
  )
}

function Rules({ program, words: { say, fill, money, gap } }: { program: Program; words: Words }) {
  const { attribution, cookieDurationDays, holdingPeriodDays } = program
  const due = { n: holdingPeriodDays, minimum: money(program.minPayoutAmount, program.currency) }
  return (
    <>
      {fill(say[`rules.${attribution}`], { n: cookieDurationDays })}
      {gap}
      {fill(holdingPeriodDays ? say.rulesHolding : say.rulesAtOnce, due)}
    </>
  )
}
