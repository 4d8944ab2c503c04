import type { Calendar } from '../calendar.ts'
import type { Event, Refer, Referrals } from '../models/refer.ts'
import type { Sharing } from '../models/sharing.ts'
import { type Speech, sentenceFor } from '../speech.ts'
import type { Groups } from '../wording/wording.ts'
import { Figure } from './figure.tsx'
import { copy, LinkRow } from './link.tsx'
import { State, Title, type Tone } from './parts.tsx'
import { Row, Rows } from './rows.tsx'

export type Sentences = Groups['start'] & Groups['account'] & Groups['refer']
export type Words = Speech<Sentences>
type Props = { refer: Refer; events: Event[]; model: Referrals; sharing: Sharing; words: Words; dates: Calendar }

/** What a customer shares, what both sides get for it, and what has come of it. */
export function ReferView(props: Props) {
  const { refer, events, model, sharing, words } = props
  const { say, fill } = words
  const { rewards, stats, program, code, shareUrl } = refer
  const stale = model.stale.value
  if (!rewards.enabled && events.length === 0 && stats.creditsEarned === 0)
    return (
      <section class="standing">
        <Title>{say.referOff}</Title>
        <p>{fill(say.referOffText, { program: program.name })}</p>
      </section>
    )
  return (
    <div class="refer">
      {rewards.enabled ? (
        <>
          <header>
            <Title>{fill(say.referTitle, { program: program.name })}</Title>
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
          {sentenceFor(stale, words) + words.gap + say.stale}{' '}
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
function Promised({ refer: { rewards }, words: { say, fill, gap } }: { refer: Refer; words: Words }) {
  const { referrerCredits: mine, referredCredits: theirs, qualifyOn, maxPerReferrer } = rewards
  const credits = (n: number) => fill(say.credits, { n })
  const gives = mine > 0 || theirs > 0
  // Where both get some, what they are is said once.
  const given = { you: credits(mine), friend: mine > 0 ? theirs : credits(theirs) }
  const promise = mine > 0 ? (theirs > 0 ? say.promiseBoth : say.promiseYou) : theirs > 0 ? say.promiseFriend : say.promiseNone
  return (
    <p class="promise">
      <strong>{fill(promise, given)}</strong>
      {gives && gap + (qualifyOn === 'signup' ? say.promiseOnSignup : say.promiseOnPayment)}
      {gives && maxPerReferrer !== null && gap + fill(say.promiseMost, { n: maxPerReferrer })}
    </p>
  )
}

function Figures({ refer: { stats }, words: { say, fill, count } }: { refer: Refer; words: Words }) {
  const { pending, capped } = stats
  return (
    <dl class="figures" aria-label={say.figures} part="figures">
      <Figure name={say['figure.clicks']} value={count(stats.clicks)}>
        {say['hint.clicks']}
      </Figure>
      <Figure name={say['figure.signups']} value={count(stats.signups)}>
        {say['hint.signups']}
      </Figure>
      <Figure name={say['figure.rewarded']} value={count(stats.rewarded)}>
        {pending
          ? fill(say['hint.waiting'], { n: pending })
          : capped
            ? fill(say['hint.capped'], { n: capped })
            : say['hint.rewarded']}
      </Figure>
      <Figure name={say['figure.earned']} value={count(stats.creditsEarned)}>
        {say['hint.earned']}
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
  const { say, fill } = words
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
                  {say[`event.${event.status}`]}
                </State>,
                creditsOf(event, words),
              ]}
            />
          ))}
        </Rows>
      )}
      {hidden > 0 && (
        <button type="button" part="button" onClick={model.more}>
          {fill(say.more, { n: Math.min(hidden, 20) })}
        </button>
      )}
    </section>
  )
}

function whoIs({ role, campaign }: Event, { say, fill }: Words) {
  if (role === 'referred') return say.yourself
  return campaign ? fill(say.friendOf, { campaign }) : say.friend
}

/** Credits that are not given yet stand there as they will be; those that were taken back are struck out. */
function creditsOf({ reward }: Event, { count }: Words) {
  if (!reward) return '–'
  const shown = `+${count(reward.credits)}`
  if (reward.status === 'granted') return shown
  return reward.status === 'pending' ? <span class="later">{shown}</span> : <s>{count(reward.credits)}</s>
}
