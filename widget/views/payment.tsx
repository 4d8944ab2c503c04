import type { Calendar } from '../calendar.ts'
import type { Paid, Payment, Way } from '../models/payment.ts'
import { Field, Form, focus, methodOf, type Words } from './acting.tsx'
import { Dots } from './figure.tsx'
import { Failed, RowsSkeleton, State } from './parts.tsx'

type Props = { payment: Payment; words: Words; dates: Calendar }
type Name = 'email' | 'accountHolder' | 'iban' | 'bic' | 'accountNumber' | 'routingNumber' | 'walletAddress' | 'network'

const asked: Record<Way, readonly Name[]> = {
  paypal: ['email'],
  iban: ['accountHolder', 'iban', 'bic'],
  account: ['accountHolder', 'accountNumber', 'routingNumber'],
  crypto: ['walletAddress', 'network'],
  stripe: [],
}
const optional: Name[] = ['bic', 'routingNumber']
const longest: Partial<Record<Name, number>> = { email: 254, network: 40, walletAddress: 120 }
const known: Partial<Record<Name, string>> = { email: 'email', accountHolder: 'name' }

/** How somebody is paid, and the form to say it. */
export function PaymentPart({ payment, words, dates }: Props) {
  const { say, fill } = words
  const paid = payment.paid.value
  const way = payment.way.value
  if (payment.failure.value) return <Failed failure={payment.failure.value} retry={payment.load} words={words} />
  if (!paid) return <RowsSkeleton label={say.loading} />
  const { changedAt, waitsUntil, missing, method } = paid
  return (
    <section class="part" part="payment">
      <h3>{say.getPaid}</h3>
      {missing.length > 0 ? (
        <p class="lead">{method ? say.getPaidMissing : say.getPaidNone}</p>
      ) : (
        <div class="paid-by">
          <strong>
            <Dots>
              {methodOf(method ?? '', words)}
              <bdi>{accountOf(paid)}</bdi>
            </Dots>
          </strong>
          {!waitsUntil && <State tone="good">{say.getPaidSet}</State>}
        </div>
      )}
      {waitsUntil && changedAt && (
        <p class="wait" part="note">
          {fill(say.getPaidWaits, { day: dates.instant(changedAt), until: dates.instant(waitsUntil) })}
        </p>
      )}
      <p role="status" class={payment.saved.value ? 'said' : 'hidden'}>
        {payment.saved.value && say.getPaidSaved}
      </p>
      {way ? (
        <WayForm payment={payment} paid={paid} way={way} words={words} dates={dates} />
      ) : (
        <button
          type="button"
          class={missing.length ? 'primary' : ''}
          part="button"
          ref={payment.saved.value ? focus : null}
          onClick={() => payment.choose(ownWay(paid))}
        >
          {missing.length ? say.getPaidAdd : say.getPaidChange}
        </button>
      )}
    </section>
  )
}

function WayForm({ payment, paid, way, words, dates }: Props & { paid: Paid; way: Way }) {
  const { say, fill } = words
  const { coolingDays } = paid
  const about = { acts: payment, act: 'pay', words }
  return (
    <Form
      {...about}
      primary
      button={say.save}
      send={payment.save}
      beside={
        <button type="button" class="plain" part="button" onClick={() => payment.choose(undefined)}>
          {say.getPaidKeep}
        </button>
      }
    >
      <div class="field wide">
        <label for="way" part="label">
          {say.getPaidHow}
        </label>
        <select
          id="way"
          name="way"
          part="input"
          ref={focus}
          value={way}
          onChange={({ currentTarget }) => payment.choose(currentTarget.value as Way)}
        >
          {waysOf(paid).map(each => (
            <option key={each} value={each}>
              {each === 'iban' || each === 'account' ? say[`way.${each}`] : say[`method.${each}`]}
            </option>
          ))}
        </select>
      </div>
      {asked[way].map(name => (
        <Field
          {...about}
          key={name}
          name={name}
          label={say[`field.${name}`]}
          required={!optional.includes(name)}
          max={longest[name] ?? 60}
          wrong={name === 'accountHolder' || name === 'network' ? undefined : say[`wrong.${name}`]}
          autocomplete={known[name]}
          {...(name === 'email' && { kind: 'email' as const })}
        />
      ))}
      {way === 'stripe' && <p class="lead wide">{say.getPaidStripe}</p>}
      <p class="aside wide">
        {coolingDays ? fill(say.getPaidRule, { days: dates.lasting(coolingDays, 'long') }) : say.getPaidRuleNow}
      </p>
    </Form>
  )
}

function accountOf({ method, email, iban, accountNumber, walletAddress, stripeAccount }: Paid) {
  if (method === 'bank_transfer') return iban ?? accountNumber ?? email
  return { paypal: email, crypto: walletAddress, stripe: stripeAccount }[method ?? '']
}

function waysOf({ methods, method }: Paid): Way[] {
  const all = new Set([...methods, ...(method ? [method] : [])])
  return [...all]
    .flatMap((each): Way[] => (each === 'bank_transfer' ? ['iban', 'account'] : [each as Way]))
    .filter(each => each in asked)
}

function ownWay(paid: Paid) {
  const { method, iban, accountNumber } = paid
  if (method === 'bank_transfer') return accountNumber && !iban ? 'account' : 'iban'
  return waysOf(paid).find(each => each === method) ?? waysOf(paid)[0]
}
