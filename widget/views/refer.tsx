import type { Calendar } from '../calendar.ts'
import type { Event, Refer, Referrals } from '../models/refer.ts'
import type { Sharing } from '../models/sharing.ts'
import { type Speech, sentenceFor } from '../speech.ts'
import type { en } from '../wording/en.ts'
import type { enRefer } from '../wording/en-refer.ts'
import type { enShare } from '../wording/en-share.ts'
import { Figure } from './figure.tsx'
import { copy, LinkRow } from './link.tsx'
import { State, Title, type Tone } from './parts.tsx'
import { Row, Rows } from './rows.tsx'

export type Words = Speech<typeof en & typeof enShare & typeof enRefer>
type Props = { refer: Refer; events: Event[]; model: Referrals; sharing: Sharing; words: Words; dates: Calendar }

/** What a customer shares, what both sides get for it, and what has come of it. */
export function ReferView(props: Props) {
  const { refer, events, model, sharing, words } = props
  const { say } = words
  const { rewards, stats, program, code, shareUrl } = refer
  const stale = model.stale.value
  if (!rewards.enabled && events.length === 0 && stats.creditsEarned === 0)
    return (
      <section class="standing">
        <Title>{say.referOff}</Title>
        <p>{say.referOffText(program.name)}</p>
      </section>
    )
  return (
    <div class="refer">
      {rewards.enabled ? (
        <>
          <header>
            <Title>{say.referTitle(program.name)}</Title>
            <Promised refer={refer} words={words} />
          </header>
          <LinkRow
            sharing={sharing}
            words={words}
            link={shareUrl}
            code={code}
            label={say.yourLink}
            title={program.name}
            primary
          />
          <dl class="fact inline">
            <dt>{say.yourCode}</dt>
            <dd class="code">
              <bdi>{code}</bdi>
            </dd>
          </dl>
        </>
      ) : (
        <header>
          <Title>{say.referOff}</Title>
          <p>{say.referOffKept}</p>
        </header>
      )}
      {stale && (
        <div class="alert" role="alert">
          {sentenceFor(stale, words)} {say.stale}{' '}
          <button type="button" class="plain" onClick={model.renew}>
            {say.retry}
          </button>
        </div>
      )}
      <Figures refer={refer} words={words} />
      <Events {...props} />
    </div>
  )
}

/** What the program promises at this moment. */
function Promised({ refer: { rewards }, words: { say, count } }: { refer: Refer; words: Words }) {
  const { referrerCredits, referredCredits, qualifyOn, maxPerReferrer } = rewards
  const credits = (amount: number) => (amount > 0 ? say.credits(amount, count(amount)) : '')
  const gives = referrerCredits > 0 || referredCredits > 0
  return (
    <p class="promise">
      <strong>
        {say.promise({ you: credits(referrerCredits), friend: credits(referredCredits), friends: count(referredCredits) })}
      </strong>
      {gives && ` ${say.promiseWhen(qualifyOn === 'signup')}`}
      {gives && maxPerReferrer !== null && ` ${say.promiseMost(maxPerReferrer, count(maxPerReferrer))}`}
    </p>
  )
}

function Figures({ refer: { stats }, words: { say, count } }: { refer: Refer; words: Words }) {
  const { referFigures: names, referHints: hints } = say
  const { pending, capped } = stats
  return (
    <dl class="figures" aria-label={say.figures} part="figures">
      <Figure name={names.clicks} value={count(stats.clicks)}>
        {hints.clicks}
      </Figure>
      <Figure name={names.signups} value={count(stats.signups)}>
        {hints.signups}
      </Figure>
      <Figure name={names.rewarded} value={count(stats.rewarded)}>
        {pending ? hints.waiting(pending, count(pending)) : capped ? hints.capped(capped, count(capped)) : hints.rewarded}
      </Figure>
      <Figure name={names.earned} value={count(stats.creditsEarned)}>
        {hints.earned}
      </Figure>
    </dl>
  )
}

const tones: Record<Event['status'], Tone> = {
  attributed: 'waiting',
  qualified: 'waiting',
  review: 'waiting',
  rewarded: 'good',
  capped: 'quiet',
  rejected: 'bad',
  reversed: 'bad',
}

function Events({ refer, events, model, sharing, words, dates }: Props) {
  const { say, count } = words
  const hidden = events.length - model.lines.value
  return (
    <section>
      <h3 id="events">{say.events}</h3>
      {events.length === 0 ? (
        <div class="empty">
          <strong>{say.eventsEmpty}</strong>
          <p>{say.eventsEmptyText}</p>
          <button type="button" part="button" onClick={event => copy(event, refer.shareUrl, sharing)}>
            {say.copyLink}
          </button>
        </div>
      ) : (
        <Rows label="events" part="events" columns={[say.date, say.who, say.state, say.reward]}>
          {events.slice(0, model.lines.value).map(event => (
            <Row
              key={`${event.id} ${event.role}`}
              cells={[
                dates.instant(event.createdAt),
                <bdi key="who">{whoIs(event, words)}</bdi>,
                <State key="state" tone={tones[event.status]}>
                  {say.eventStates[event.status]}
                </State>,
                creditsOf(event, words),
              ]}
            />
          ))}
        </Rows>
      )}
      {hidden > 0 && (
        <button type="button" part="button" onClick={model.more}>
          {say.more(count(Math.min(hidden, 20)))}
        </button>
      )}
    </section>
  )
}

function whoIs({ role, campaign }: Event, { say }: Words) {
  if (role === 'referred') return say.yourself
  return campaign ? say.friendOf(campaign) : say.friend
}

/** Credits that are not given yet stand there as they will be; those that were taken back are struck out. */
function creditsOf({ reward }: Event, { count }: Words) {
  if (!reward) return '–'
  const shown = `+${count(reward.credits)}`
  if (reward.status === 'granted') return shown
  return reward.status === 'pending' ? <span class="later">{shown}</span> : <s>{count(reward.credits)}</s>
}
