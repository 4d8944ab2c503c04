import { may, screen } from '../../models/session.ts'
import { Section } from '../parts/page.tsx'

/** What to do with a program that has nobody in it yet. */
export function FirstSteps() {
  const steps = [
    may.manage.value && {
      to: 'import',
      name: 'Bring over what you have',
      text: 'Partners, their links, what they earned and what has been paid, from Rewardful and others.',
    },
    {
      to: 'settings/commission',
      name: 'Look at the terms',
      text: 'What partners earn, for how long, and when it is paid.',
    },
    {
      to: 'settings/install',
      name: 'Put two tags on your site',
      text: 'One remembers who sent a visitor, the other is the form by which partners apply. Applications then wait here.',
    },
    {
      to: 'webhooks/new',
      name: 'Have your own server told',
      text: 'Of each new partner, sale and payout.',
    },
  ].filter(each => !!each)
  return (
    <Section title="First steps" text="There is no partner yet. In any order:">
      <ol class="first-steps">
        {steps.map(({ to, name, text }) => (
          <li key={to}>
            <a href={screen(to)}>{name}</a>
            <p class="muted">{text}</p>
          </li>
        ))}
      </ol>
    </Section>
  )
}
