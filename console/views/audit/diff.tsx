import { Section } from '../parts/page.tsx'

type Fields = Record<string, unknown> | null

/** What was before and after, field by field, those of a group each on its own; what is the same in both is left out. */
export function Diff({ before, after }: { before: Fields; after: Fields }) {
  const [old, now] = [flat(before), flat(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])].filter(name => old.get(name) !== now.get(name))
  if (!names.length) return <p class="muted">No field was changed.</p>
  return (
    <Section title="What has changed">
      <table class="table diff">
        <thead>
          <tr>
            <th scope="col">Field</th>
            {before && <th scope="col">Before</th>}
            <th scope="col">{before ? 'After' : 'Is'}</th>
          </tr>
        </thead>
        <tbody>
          {names.map(name => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {before && <td>{old.has(name) ? <del>{old.get(name)}</del> : <span class="muted">Nothing</span>}</td>}
              <td>{now.has(name) ? <ins>{now.get(name)}</ins> : <span class="muted">Nothing</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function flat(fields: unknown, at = '', found = new Map<string, string>()) {
  for (const [name, value] of Object.entries(Object(fields))) {
    const path = at ? `${at}.${name}` : name
    if (value && typeof value === 'object' && !Array.isArray(value)) flat(value, path, found)
    else if (value !== null && value !== undefined) found.set(path, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return found
}
