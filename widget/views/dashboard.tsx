import type { ComponentChildren } from 'preact'
import type { Calendar } from '../calendar.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Sharing } from '../models/sharing.ts'
import { payOf, type Speech, sentenceFor } from '../speech.ts'
import type { en } from '../wording/en.ts'
import type { enDashboard } from '../wording/en-dashboard.ts'
import type { enShare } from '../wording/en-share.ts'
import { Chart } from './chart.tsx'
import { Earnings } from './earnings.tsx'
import { Figures } from './figures.tsx'
import { LinkRow } from './link.tsx'
import { State, Title } from './parts.tsx'
import { Tabs } from './tabs.tsx'

export type Words = Speech<typeof en & typeof enShare & typeof enDashboard>
type Props = { model: Model; sharing: Sharing; words: Words; dates: Calendar }

/** `section` is what stands under the other tabs than the first. */
export function Dashboard({ section, ...props }: Props & { section: () => ComponentChildren }) {
  const { model, words } = props
  const { say } = words
  const { affiliate, program } = model.reply.value
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
      <Tabs model={model} say={say}>
        {model.tab.value === 'overview' ? <Overview {...props} /> : section()}
      </Tabs>
    </div>
  )
}

function Overview({ model, sharing, words, dates }: Props) {
  const { say, money } = words
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
          {sentenceFor(failure, words)} {say.stale}{' '}
          <button type="button" class="plain" onClick={model.retry}>
            {say.retry}
          </button>
        </div>
      )}
      <Figures reply={model.reply.value} words={words} />
      <Chart model={model} words={words} dates={dates} />
      <Earnings model={model} sharing={sharing} words={words} dates={dates} />
      <p class="note" part="note">
        {say.rules({
          first: program.attribution === 'first',
          clickDays: program.cookieDurationDays,
          holdingDays: program.holdingPeriodDays,
          minimum: money(program.minPayoutAmount, program.currency),
        })}
      </p>
    </>
  )
}
