import { counted } from '../../format.ts'
import { useActs } from '../../models/acts.ts'
import { useList } from '../../models/list.ts'
import { useOne } from '../../models/one.ts'
import { type Batch, fetchFile, filesFor, type Standing, useOpenMethods } from '../../models/payout-batch.ts'
import { leftBy, type Payout, statusNames } from '../../models/payouts.ts'
import { goQuery, place } from '../../models/place.ts'
import { app, may, program, screen } from '../../models/session.ts'
import { Copy } from '../parts/copy.tsx'
import { Facts, Figures, Header, Loaded, Note, Section } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Id, Money, PartnerLink, When } from '../parts/values.tsx'
import { askedFor, totalsOf } from './batches.tsx'
import { LeftOver } from './left-over.tsx'
import { PayoutDrawer } from './payout.tsx'
import { payoutColumns, Together } from './payouts.tsx'

/** One batch: what is in it, the files to pay it with, and how far it has come. */
export function BatchPage({ id }: { id: string }) {
  const one = useOne<Standing>(app(`/payouts/batches/${id}`))
  const methods = useOpenMethods(id)
  const list = useList<Payout>({ path: app('/payouts'), paging: 'cursor', fixed: { batch: id }, size: 100, apart: true })
  const open = place.value.query.get('payout') ?? ''
  const changed = () => {
    void one.load()
    void methods.load()
  }
  const carried = leftBy.value?.batchId === id ? leftBy.value.carried : []
  return (
    <Loaded one={one} shape="page">
      {batch => (
        <>
          <Header
            title={`Batch of ${totalsOf(batch)}`}
            text={
              <>
                {counted(batch.count, 'payout')}, made <When at={batch.createdAt} hour />
              </>
            }
            up={{ href: screen('payouts/batches'), name: 'Batches' }}
          />
          <Standings batch={batch} />
          <Unpayable rows={list.rows.value ?? []} />
          <Files batch={batch} open={methods.open.value} />
          <Section title="Payouts" text={nextOf(batch)}>
            <Table
              label="Payouts of this batch"
              list={list}
              columns={payoutColumns}
              href={row => `${place.value.path}?payout=${row.id}`}
              keep
              current={open}
              {...(may.money.value && { bulk: ids => <Together list={list} ids={ids} changed={changed} /> })}
              empty={{ title: 'Nothing in this batch' }}
            />
          </Section>
          {carried.length > 0 && (
            <Section title="Left for the next batch">
              <LeftOver carried={carried} />
            </Section>
          )}
          <Proof batch={batch} />
          {open && (
            <PayoutDrawer
              id={open}
              close={() => goQuery({ payout: undefined })}
              changed={known => {
                list.patch(open, known)
                changed()
              }}
            />
          )}
        </>
      )}
    </Loaded>
  )
}

/** What is to be done with it now. */
function nextOf({ standing }: Standing) {
  if (standing.some(each => each.status === 'pending'))
    return 'Look at each, and pay them with a file or by hand. Then choose those that were paid, and mark them as paid.'
  return standing.some(each => each.status === 'failed')
    ? 'Nothing in it is open any more. What has failed is owed again, and joins the next batch.'
    : 'All of it is paid, and the partners have been told. There is nothing left to do.'
}

/** Those that no file can hold, because it is not known where to pay them. */
function Unpayable({ rows }: { rows: Payout[] }) {
  const lacking = rows.filter(each => each.status === 'pending' && each.missing.length > 0)
  if (!lacking.length) return null
  return (
    <Note tone="bad">
      <strong>{counted(lacking.length, 'payout')} cannot be paid with a file:</strong> it is not known where to. Ask{' '}
      {lacking.slice(0, 5).map((each, at) => (
        <span key={each.id}>
          {at > 0 && ', '}
          <PartnerLink id={each.partnerId} name={each.partnerName} />
        </span>
      ))}
      {lacking.length > 5 && ` and ${lacking.length - 5} more`}, or fill it in at the partner. Everything else can be paid.
    </Note>
  )
}

function Standings({ batch: { standing } }: { batch: Standing }) {
  return (
    <Figures
      figures={standing.map(({ status, currency, count, amount }) => ({
        name: statusNames[status],
        value: <Money minor={amount} currency={currency} />,
        note: counted(count, 'payout'),
      }))}
    />
  )
}

function Files({ batch, open }: { batch: Batch; open: ReadonlySet<string> }) {
  const acts = useActs()
  const files = filesFor(batch, open)
  if (!may.money.value || !files.length) return null
  return (
    <Section
      title="Files to pay with"
      text="Each holds what is still to be paid by its method. Give it to the bank or the provider, then say what came of it."
      acts={<a href={screen('payouts/results')}>Bring back a result file</a>}
    >
      {program.value?.mode === 'test' && <Note tone="waiting">This is a test program: its amounts are not owed to anybody.</Note>}
      <ul class="files">
        {files.map(file => (
          <li key={file.key}>
            <div>
              <strong>{file.name}</strong>
              <p class="muted small">{file.text}</p>
            </div>
            <button
              type="button"
              aria-label={`Download: ${file.name}`}
              aria-disabled={acts.doing.value === file.key}
              onClick={() => void acts.run(file.key, () => fetchFile(file), { aloud: true })}
            >
              Download
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Proof({ batch }: { batch: Standing }) {
  const { id, hash, createdBy } = batch
  const acts = useActs()
  const lines = { key: 'lines', name: 'The lines', text: '', path: app(`/payouts/batches/${id}/lines.csv`), file: `${id}.csv` }
  return (
    <Section
      title="Proof"
      text="Keep the hash with your approval. As long as the file of the lines has it, nobody has touched what was approved."
    >
      <Facts
        facts={[
          [
            'SHA-256 of its lines',
            <span class="line" key="h">
              <Id>{hash}</Id> <Copy text={hash} what="hash" />
              {may.money.value && (
                <button
                  type="button"
                  class="small"
                  onClick={() => void acts.run('lines', () => fetchFile(lines), { aloud: true })}
                >
                  Download the lines
                </button>
              )}
            </span>,
          ],
          ['Made by', createdBy.label ?? createdBy.kind],
          ['Asked for', askedFor(batch)],
          ['Id', <Id key="i">{id}</Id>],
        ]}
      />
    </Section>
  )
}
