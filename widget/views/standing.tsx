import type { Program } from '../api.ts'
import type { Membership, Place, Wants } from '../models/membership.ts'
import type { Speech } from '../speech.ts'
import { State, Title } from './parts.tsx'

type Props = { place: Place; wants: Wants; program: Program | undefined; membership: Membership; words: Speech }

/** Where somebody stands who has no dashboard to see. */
export function Standing({ place, wants, program, membership, words }: Props) {
  const { say, fill, gap } = words
  const named = { program: program?.name || say.company }
  switch (place.at) {
    case 'pending':
      return (
        <section class="standing">
          <State tone="waiting">{say.pendingState}</State>
          <Title>{say.pendingTitle}</Title>
          <p>{fill(say.pendingText, named)}</p>
          <ol class="steps">
            {[say.stepSent, say.stepReview, say.stepAnswer].map((step, index) => (
              <li key={step} aria-current={index === 1 ? 'step' : undefined}>
                {step}
              </li>
            ))}
          </ol>
        </section>
      )
    case 'approved':
      return (
        <section class="standing">
          <State tone="good">{say.approvedState}</State>
          <Title>{say.approvedTitle}</Title>
          <p>{fill(say.approvedText, named) + (place.isSignedIn ? '' : gap + say.approvedSignIn)}</p>
          {place.code && (
            <dl class="fact">
              <dt>{say.approvedCode}</dt>
              <dd class="code">
                <bdi>{place.code}</bdi>
              </dd>
            </dl>
          )}
          <Visit program={program} words={words} />
        </section>
      )
    case 'rejected':
      return (
        <section class="standing">
          <State tone="bad">{say.rejectedState}</State>
          <Title>{say.rejectedTitle}</Title>
          {place.reason ? (
            <dl class="fact">
              <dt>{say.rejectedReason}</dt>
              <dd dir="auto">{place.reason}</dd>
            </dl>
          ) : (
            <p>{say.rejectedText}</p>
          )}
          <Visit program={program} words={words} />
        </section>
      )
    case 'deactivated':
      return (
        <section class="standing">
          <State tone="quiet">{say.deactivatedState}</State>
          <Title>{say.deactivatedTitle}</Title>
          <p>{say.deactivatedText}</p>
        </section>
      )
    case 'signed-out':
      return (
        <section class="standing">
          <Title>{say.signedOutTitle}</Title>
          <p>{say.signedOutText}</p>
          <button type="button" part="button" onClick={membership.retry}>
            {say.retry}
          </button>
        </section>
      )
    default:
      return (
        <section class="standing">
          <Title>{say.noneTitle}</Title>
          <p>{wants === 'dashboard' || !program ? say.notPartnerText : fill(say.noneText, named)}</p>
          {program && (
            <button type="button" class="primary" part="button" onClick={membership.openForm}>
              {say.noneAction}
            </button>
          )}
        </section>
      )
  }
}

function Visit({ program, words: { say, fill } }: { program: Program | undefined; words: Speech }) {
  if (!program?.siteUrl) return null
  return (
    <a href={program.siteUrl} part="link">
      {fill(say.visit, { program: program.name })}
    </a>
  )
}
