import { useState } from 'preact/hooks'
import { useActs } from '../../models/acts.ts'
import { may } from '../../models/session.ts'
import type { SettingField, SettingGroup } from '../../models/setting-fields.ts'
import { changeOf, type Settings, save, shownAt, valueAt } from '../../models/settings.ts'
import { Check, Choice, Field, Form } from '../parts/form.tsx'
import { Facts, Note } from '../parts/page.tsx'
import { TermsPreview } from './preview.tsx'

type Props = { group: SettingGroup; settings: Settings; saved: (settings: Settings) => void }

/** One group of settings, to be changed by who may, and to be read by everybody. */
export function Group({ group, settings, saved }: Props) {
  const acts = useActs()
  // What has been saved is what the fields begin with anew.
  const [turn, setTurn] = useState(0)
  const { fields } = group
  if (!may.manage.value) return <AsFacts group={group} settings={settings} />
  const mine = fields.filter(each => !each.own || may.own.value)
  const form = `settings-${group.path}`
  return (
    <div class="narrow" id={form} key={turn}>
      <p class="muted lead">{group.text}</p>
      <Form
        acts={acts}
        act="save"
        verb="Save"
        primary
        send={answers =>
          acts.run(
            'save',
            async () => {
              saved(await save(changeOf(mine, answers, settings.currency), mine))
              setTurn(turn => turn + 1)
            },
            { done: 'Saved' },
          )
        }
      >
        {mine.map(field => (
          <One key={field.path} field={field} settings={settings} />
        ))}
        {mine.length < fields.length && (
          <Note>An owner changes the rest of this: it says where money goes, or whose word is taken.</Note>
        )}
      </Form>
      {group.path === 'terms' && <TermsPreview form={form} currency={settings.currency} />}
    </div>
  )
}

function One({ field, settings }: { field: SettingField; settings: Settings }) {
  const { path, label, kind, hint, options = [], optional = false } = field
  const value = shownAt(settings, field)
  if (kind === 'check') return <Check name={path} label={label} checked={value === 'true'} hint={hint} />
  if (kind === 'choice') return <Choice name={path} label={label} options={options} value={value} hint={hint} />
  if (kind === 'ticks') {
    const on = valueAt(settings, path) as string[]
    return (
      <fieldset class="ticks">
        <legend>{label}</legend>
        {options.map(([each, name]) => (
          <Check key={each} name={`${path} ${each}`} label={name} checked={on.includes(each)} />
        ))}
      </fieldset>
    )
  }
  const isArea = kind === 'lines' || kind === 'rates' || kind === 'minimums'
  const isNumber = kind === 'number' || kind === 'money'
  return (
    <Field
      name={path}
      label={label}
      kind={isArea ? 'area' : isNumber ? 'number' : kind}
      value={value}
      hint={hint}
      required={!optional}
      unit={kind === 'money' ? settings.currency : field.unit}
      {...(isNumber && { min: 0 })}
    />
  )
}

function AsFacts({ group: { fields, text }, settings }: { group: SettingGroup; settings: Settings }) {
  return (
    <>
      <p class="muted lead">{text}</p>
      <Facts
        wide
        facts={fields.map(field => {
          const value = shownAt(settings, field)
          const name = field.options?.find(([each]) => each === value)?.[1]
          const yes = field.kind === 'check' && (value === 'true' ? 'Yes' : 'No')
          return [field.label, yes || name || (value && [value, field.unit].filter(Boolean).join(' ')) || 'Nothing said']
        })}
      />
    </>
  )
}
