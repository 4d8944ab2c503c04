import type { Calendar } from '../calendar.ts'
import type { Code } from '../dashboard-reply.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Links } from '../models/links.ts'
import type { Sharing } from '../models/sharing.ts'
import { Field, Form, Sure, type Words } from './acting.tsx'
import { Dots } from './figure.tsx'
import { LinkRow } from './link.tsx'

type Props = { model: Model; links: Links; sharing: Sharing; words: Words; dates: Calendar }

/** Every link of a partner, and a new one from a label. */
export function LinksPart({ model, links, sharing, words, dates }: Props) {
  const { say, fill } = words
  const { affiliate, codes, link, program } = model.reply.value
  // The one that the partner goes by is there even where somebody has retired its code.
  const isMain = ({ code }: Code) => code.toLowerCase() === affiliate.code.toLowerCase()
  const main = codes.find(isMain)
  const others = codes.filter(each => !isMain(each)).toReversed()
  const about = { acts: links, act: 'make', words }
  return (
    <section class="part">
      <h3>{say.links}</h3>
      <p class="lead">{say.linksText}</p>
      <Form {...about} primary button={say.linkMake} send={({ label = '' }) => links.make(label)}>
        <Field {...about} name="label" label={say.linkLabel} placeholder={say.linkExample} max={120} />
      </Form>
      <p role="status" class="hidden">
        {links.latest.value && fill(say.linkOf, { label: links.latest.value })}
      </p>
      <ul class="items">
        <li>
          <div>
            <strong>{say.linkMain}</strong>
            {main && <Brought of={main} words={words} />}
          </div>
          <LinkRow sharing={sharing} words={words} link={link} code={affiliate.code} label={say.linkMain} title={program.name} />
        </li>
        {others.map(({ code, url, label, createdAt, ...figures }) => (
          <li key={code}>
            <div>
              <strong>
                <bdi>{label ?? code}</bdi>
              </strong>{' '}
              <span class="aside">{fill(say.linkSince, { day: dates.instant(createdAt) })}</span>
              <Brought of={figures} words={words} />
            </div>
            <LinkRow
              sharing={sharing}
              words={words}
              link={url}
              code={code}
              label={fill(say.linkOf, { label: label ?? code })}
              title={program.name}
            />
            <Sure
              acts={links}
              act={`retire ${code}`}
              words={words}
              label={say.retire}
              name={label ?? code}
              question={say.retireAsk}
              sure={say.retireSure}
              go={() => void links.retire(code)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

type Figures = Pick<Code, 'clicks' | 'signups' | 'conversions' | 'earned'>

/** What a link has brought. */
function Brought({ of: { clicks, signups, conversions, earned }, words }: { of: Figures; words: Words }) {
  const { say, fill, money } = words
  return (
    <p class="aside" part="link-figures">
      <Dots>
        {[
          fill(say.clicks, { n: clicks }),
          fill(say.signups, { n: signups }),
          fill(say.sales, { n: conversions }),
          ...earned.map(({ amount, currency }) => fill(say.earnedInAll, { amount: money(amount, currency) })),
        ]}
      </Dots>
    </p>
  )
}
