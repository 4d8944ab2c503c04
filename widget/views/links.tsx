import type { Calendar } from '../calendar.ts'
import type { Dashboard as Model } from '../models/dashboard.ts'
import type { Links } from '../models/links.ts'
import type { Sharing } from '../models/sharing.ts'
import { Field, Form, Sure, type Words } from './acting.tsx'
import { LinkRow } from './link.tsx'

type Props = { model: Model; links: Links; sharing: Sharing; words: Words; dates: Calendar }

/** Every link of a partner, and a new one from a label. */
export function LinksPart({ model, links, sharing, words, dates }: Props) {
  const { say, fill } = words
  const { affiliate, codes, link, program } = model.reply.value
  // The one that the partner goes by is there even where somebody has retired its code.
  const [main, ...others] = [
    { code: affiliate.code, url: link, label: null, createdAt: '' },
    ...codes.filter(each => each.code.toLowerCase() !== affiliate.code.toLowerCase()).toReversed(),
  ]
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
        {main && (
          <li>
            <p>
              <strong>{say.linkMain}</strong>
            </p>
            <LinkRow sharing={sharing} words={words} link={main.url} code={main.code} label={say.linkMain} title={program.name} />
          </li>
        )}
        {others.map(({ code, url, label, createdAt }) => (
          <li key={code}>
            <p>
              <strong>
                <bdi>{label ?? code}</bdi>
              </strong>{' '}
              <span>{fill(say.linkSince, { day: dates.instant(createdAt) })}</span>
            </p>
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
