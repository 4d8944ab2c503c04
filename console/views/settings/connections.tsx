import type { PayoutProvider } from '../../../server/contract/sending.ts'
import type { StripeConnection } from '../../../server/contract/stripe.ts'
import { ask } from '../../api.ts'
import { type Acts, useActs } from '../../models/acts.ts'
import { type One, useOne } from '../../models/one.ts'
import { app } from '../../models/session.ts'
import { askFirst, say } from '../../models/telling.ts'
import { Copy } from '../parts/copy.tsx'
import { Choice, Field, Form } from '../parts/form.tsx'
import { Badge, Loaded, Section } from '../parts/page.tsx'
import { When } from '../parts/values.tsx'

/** Through what payouts are sent, and from where payments are heard of. An owner's alone. */
export function Connections() {
  const providers = useOne<{ data: PayoutProvider[] }>(app('/payout-providers'))
  const stripe = useOne<StripeConnection>(app('/integrations/stripe'))
  return (
    <div class="narrow">
      <Section title="Sent by itself" text="With a provider connected, payouts by its method can be sent from here, each once.">
        <Loaded one={providers} shape="text">
          {({ data }) => data.map(each => <Provider key={each.provider} provider={each} all={providers} />)}
        </Loaded>
      </Section>
      <Section
        title="Payments from Stripe"
        text="Stripe tells of payments and refunds. Add this address as a webhook endpoint there."
      >
        <Loaded one={stripe} shape="text">
          {known => <FromStripe known={known} one={stripe} />}
        </Loaded>
      </Section>
    </div>
  )
}

const names = { stripe: 'Stripe', paypal: 'PayPal' }

function Provider({ provider, all }: { provider: PayoutProvider; all: One<{ data: PayoutProvider[] }> }) {
  const acts = useActs()
  const name = names[provider.provider]
  const path = app(`/payout-providers/${provider.provider}`)
  return (
    <details class="more">
      <summary>
        {name}: {provider.connected ? `connected (${provider.environment}, …${provider.hint})` : 'not connected'}
      </summary>
      <div class="form">
        {provider.connected && (
          <div class="acts">
            <Badge tone="good">Connected</Badge>
            <span class="muted">
              <When at={provider.createdAt} />
              {provider.account && `, ${provider.account}`}
            </span>
            <Disconnect
              title={`Stop paying by ${name}?`}
              text="What is being sent now waits until it is connected again."
              path={path}
              done={() => void all.load()}
            />
          </div>
        )}
        <Form
          acts={acts}
          act="connect"
          verb={provider.connected ? 'Replace the credentials' : `Connect ${name}`}
          resets
          send={answers => connect(acts, path, answers, () => void all.load())}
        >
          {provider.provider === 'stripe' ? (
            <Field
              name="secretKey"
              label="Secret or restricted key"
              kind="password"
              hint="Begins with sk_ or rk_. A _test_ key moves no money."
            />
          ) : (
            <>
              <Field name="clientId" label="Client id" />
              <Field name="clientSecret" label="Client secret" kind="password" />
              <Choice
                name="environment"
                label="Environment"
                options={[
                  ['live', 'Live'],
                  ['sandbox', 'Sandbox: moves no money'],
                ]}
              />
            </>
          )}
        </Form>
      </div>
    </details>
  )
}

const connect = (acts: Acts, path: string, body: object, then: () => void) =>
  acts.run(
    'connect',
    async () => {
      await ask('PUT', path, { body })
      then()
    },
    { done: 'Connected' },
  )

type DisconnectProps = { title: string; text: string; path: string; done: () => void }

function Disconnect({ title, text, path, done }: DisconnectProps) {
  return (
    <button
      type="button"
      class="small"
      onClick={async () => {
        if (!(await askFirst({ title, text, verb: 'Disconnect', danger: true, act: () => ask('DELETE', path) }))) return
        say('Disconnected')
        done()
      }}
    >
      Disconnect
    </button>
  )
}

function FromStripe({ known, one }: { known: StripeConnection; one: One<StripeConnection> }) {
  const acts = useActs()
  return (
    <div class="form">
      <p class="line">
        <code class="secret">{known.url}</code> <Copy text={known.url} what="the address for Stripe" />
      </p>
      {known.connected && (
        <div class="acts">
          <Badge tone="good">Connected, …{known.hint}</Badge>
          <Disconnect
            title="Stop hearing from Stripe?"
            text="Payments and refunds are no longer known here, and nothing is earned by them."
            path={app('/integrations/stripe')}
            done={() => void one.load()}
          />
        </div>
      )}
      <Form
        acts={acts}
        act="connect"
        verb={known.connected ? 'Replace the secret' : 'Connect Stripe'}
        resets
        send={answers => connect(acts, app('/integrations/stripe'), answers, () => void one.load())}
      >
        <Field
          name="webhookSecret"
          label="Signing secret of the endpoint"
          kind="password"
          hint="Stripe shows it beside the endpoint. It begins with whsec_."
        />
      </Form>
    </div>
  )
}
