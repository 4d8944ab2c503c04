import { useState } from 'preact/hooks'
import { ask } from '../../api.ts'
import { useActs } from '../../models/acts.ts'
import { useList } from '../../models/list.ts'
import { app } from '../../models/session.ts'
import { askFirst, say } from '../../models/telling.ts'
import type { ScreenProps } from '../../screens.ts'
import { Copy } from '../parts/copy.tsx'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Header, Note, Section } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/values.tsx'

type Key = { id: string; type: 'secret' | 'publishable'; name: string; hint: string; createdAt: string }

const typeNames = { secret: 'Secret', publishable: 'Publishable' }

/** The keys with which your backend and your pages ask this server. */
export default function Keys(_: ScreenProps) {
  const acts = useActs()
  const list = useList<Key>({ path: app('/api-keys'), paging: 'cursor' })
  const [made, setMade] = useState<(Key & { key: string }) | undefined>(undefined)
  const revoke = async ({ id, name }: Key) => {
    const done = await askFirst({
      title: `Revoke “${name}”?`,
      text: 'Whatever uses it is refused at once. It cannot be brought back.',
      verb: 'Revoke it',
      danger: true,
      act: () => ask('DELETE', app(`/api-keys/${id}`)),
    })
    if (!done) return
    say('The key is revoked')
    void list.load({ quietly: true })
  }
  const columns: Column<Key>[] = [
    { name: 'Name', main: true, cell: row => row.name },
    { name: 'Kind', cell: row => typeNames[row.type] },
    { name: 'Ends with', cell: row => <code>…{row.hint}</code>, quiet: true },
    { name: 'Made', cell: row => <When at={row.createdAt} />, quiet: true },
    {
      name: 'Revoke',
      head: '',
      end: true,
      cell: row => (
        <button type="button" class="small" aria-label={`Revoke ${row.name}`} onClick={() => void revoke(row)}>
          Revoke
        </button>
      ),
    },
  ]
  return (
    <>
      <Header title="Keys" text="A secret key is for your backend; a publishable one is for your pages." />
      {made && (
        <Note tone="waiting">
          <div class="form">
            <p>
              <strong>Copy “{made.name}” now.</strong> It is not shown again.
            </p>
            <p class="line">
              <code class="secret">{made.key}</code> <Copy text={made.key} what={made.name} />
            </p>
            <div class="acts">
              <button type="button" class="primary" onClick={() => setMade(undefined)}>
                I have kept it
              </button>
            </div>
          </div>
        </Note>
      )}
      <Table
        label="Keys"
        list={list}
        columns={columns}
        empty={{ title: 'No key yet', text: 'Make one for your backend, and one for your pages.' }}
      />
      <Section title="Make a key">
        <div class="narrow">
          <Form
            acts={acts}
            act="make"
            verb="Make it"
            resets
            send={body =>
              acts.run('make', async () => {
                setMade(await ask('POST', app('/api-keys'), { body }))
                void list.load({ quietly: true })
                scrollTo({ top: 0 })
              })
            }
          >
            <div class="pair">
              <Field name="name" label="Name" max={120} placeholder="Backend of the shop" hint="What it is used by." />
              <Choice
                name="type"
                label="Kind"
                options={[
                  ['secret', 'Secret, for a backend'],
                  ['publishable', 'Publishable, for pages'],
                ]}
              />
            </div>
          </Form>
        </div>
      </Section>
    </>
  )
}
