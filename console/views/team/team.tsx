import { useState } from 'preact/hooks'
import type * as v from 'valibot'
import type { Invite, MadeInvite, Member, Team as Reply } from '../../../server/contract/admins.ts'
import { ask } from '../../api.ts'
import { useActs } from '../../models/acts.ts'
import { useOne } from '../../models/one.ts'
import { may, type Role, roleNames } from '../../models/session.ts'
import { askFirst, say } from '../../models/telling.ts'
import type { ScreenProps } from '../../screens.ts'
import { Copy } from '../parts/copy.tsx'
import { Check, Choice, Field, Form } from '../parts/form.tsx'
import { Badge, Header, Loaded, Note, Section } from '../parts/page.tsx'
import { When } from '../parts/values.tsx'

type Known = v.InferOutput<typeof Reply>
type Made = v.InferOutput<typeof MadeInvite>
const roles = Object.entries(roleNames) as [Role, string][]

const means: Record<Role, string> = {
  owner: 'everything, and who else may',
  manager: 'everything but keys, the team, and where money goes',
  finance: 'commissions and payouts; reads the rest',
  read_only: 'reads, and changes nothing',
}

/** Who may sign in to this console, as what. */
export default function Team(_: ScreenProps) {
  const team = useOne<Known>('/v1/team')
  const reload = () => void team.load()
  return (
    <>
      <Header title="Team" text="Who may sign in here, and what each may do. It holds for every program of this server." />
      <Loaded one={team} shape="page">
        {({ data, invites, requireSecondFactor }) => (
          <>
            <Members members={data} reload={reload} />
            {may.own.value && <Invites invites={invites} reload={reload} />}
            {may.own.value && <Rule isOn={requireSecondFactor} reload={reload} />}
          </>
        )}
      </Loaded>
    </>
  )
}

function Members({ members, reload }: { members: Member[]; reload: () => void }) {
  const acts = useActs()
  const change = (member: Member, role: string) =>
    acts
      .run('role', () => ask('PATCH', `/v1/team/${member.id}`, { body: { role } }), { aloud: true, done: 'The role is changed' })
      .then(reload)
  const remove = async ({ id, email }: Member) => {
    const done = await askFirst({
      title: `Remove ${email}?`,
      text: 'They are signed out everywhere at once. What they have done stays in the audit log.',
      verb: 'Remove',
      danger: true,
      act: () => ask('DELETE', `/v1/team/${id}`),
    })
    if (done) reload()
  }
  return (
    <table class="table" aria-label="Team">
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Role</th>
          <th scope="col">Second factor</th>
          <th scope="col" class="wide">
            Last seen
          </th>
          {may.own.value && (
            <th scope="col" class="end">
              <span class="hidden">Remove</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {members.map(member => (
          <tr key={member.id}>
            <th scope="row" class="main">
              {member.email}
              {member.you && <span class="muted"> (you)</span>}
            </th>
            <td>
              {may.own.value && !member.you ? (
                <select
                  aria-label={`Role of ${member.email}`}
                  value={member.role}
                  onChange={event => void change(member, event.currentTarget.value)}
                >
                  {roles.map(([role, name]) => (
                    <option key={role} value={role}>
                      {name}
                    </option>
                  ))}
                </select>
              ) : (
                roleNames[member.role]
              )}
            </td>
            <td>
              <Badge tone={member.secondFactor ? 'good' : 'quiet'}>{member.secondFactor ? 'On' : 'Off'}</Badge>
            </td>
            <td class="quiet wide">{member.seenAt ? <When at={member.seenAt} since /> : 'Never'}</td>
            {may.own.value && (
              <td class="end">
                {!member.you && (
                  <button type="button" class="small" aria-label={`Remove ${member.email}`} onClick={() => void remove(member)}>
                    Remove
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Invites({ invites, reload }: { invites: Invite[]; reload: () => void }) {
  const acts = useActs()
  const [made, setMade] = useState<Made | undefined>(undefined)
  const takeBack = ({ id }: Invite) =>
    acts
      .run('back', () => ask('DELETE', `/v1/team/invites/${id}`), { aloud: true, done: 'The invitation is taken back' })
      .then(reload)
  return (
    <Section title="Invite somebody">
      {made && (
        <Note tone="good">
          <strong>{made.email} is invited.</strong> Where there is a mail server, a mail is on its way. Or hand this link over
          yourself: it works once, for three days, and is not shown again.
          <p class="line">
            <code class="secret">{made.link}</code> <Copy text={made.link} what="the invitation's link" />
          </p>
        </Note>
      )}
      {invites.length > 0 && (
        <ul class="files">
          {invites.map(invite => (
            <li key={invite.id}>
              <div>
                <strong>{invite.email}</strong>
                <p class="muted small">
                  As {roleNames[invite.role].toLowerCase()}, until <When at={invite.expiresAt} hour />
                </p>
              </div>
              <button
                type="button"
                class="small"
                aria-label={`Take back the invitation of ${invite.email}`}
                onClick={() => void takeBack(invite)}
              >
                Take back
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="narrow">
        <Form
          acts={acts}
          act="invite"
          verb="Invite"
          primary
          resets
          send={body =>
            acts.run('invite', async () => {
              setMade(await ask<Made>('POST', '/v1/team/invites', { body }))
              reload()
            })
          }
        >
          <div class="pair">
            <Field name="email" label="E-mail" kind="email" max={254} />
            <Choice
              name="role"
              label="As"
              value="manager"
              options={roles.map(([role, name]) => [role, `${name}: ${means[role]}`] as const)}
            />
          </div>
        </Form>
      </div>
    </Section>
  )
}

function Rule({ isOn, reload }: { isOn: boolean; reload: () => void }) {
  const acts = useActs()
  return (
    <Section title="Second factor">
      <div class="narrow">
        <Form
          acts={acts}
          act="rule"
          verb="Save"
          send={({ requireSecondFactor }) =>
            acts.run('rule', async () => {
              await ask('PATCH', '/v1/team/settings', { body: { requireSecondFactor: requireSecondFactor === 'on' } })
              say('Saved')
              reload()
            })
          }
        >
          <Check
            name="requireSecondFactor"
            label="Everybody needs a second factor"
            checked={isOn}
            hint="Whoever has none sets it up at the next step they take."
          />
        </Form>
      </div>
    </Section>
  )
}
