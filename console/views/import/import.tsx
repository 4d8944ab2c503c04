import { told } from '../../failure.ts'
import { count } from '../../format.ts'
import { useImporting } from '../../models/import.ts'
import { app } from '../../models/session.ts'
import type { ScreenProps } from '../../screens.ts'
import { Header, Note, Progress, Section } from '../parts/page.tsx'
import { Ask } from './ask.tsx'
import { Outcome } from './outcome.tsx'

/** Moving in: the exports of another system, looked at line by line, then brought in. */
export default function Import(_: ScreenProps) {
  const model = useImporting()
  const summary = model.summary.value
  const doing = model.acts.doing.value
  const progress = model.progress.value
  const failure = model.acts.failure.value
  return (
    <>
      <Header
        title="Import"
        text="Moves a programme here from another system. You see what would become of every line before anything is changed, and nobody is told of it: no mail is sent, and no webhook."
      />
      {doing && (
        <Progress
          label={
            progress ? `${count(progress.lines)} lines ${doing === 'look' ? 'looked at' : 'brought in'}` : 'Reading the file'
          }
        />
      )}
      {model.problem.value && (
        <Note tone="bad">
          <strong>Line {count(model.problem.value.line)}: it cannot be read on from there.</strong> {model.problem.value.message}
        </Note>
      )}
      {summary && <Outcome model={model} summary={summary} />}
      <div hidden={!!summary}>
        <Ask model={model} />
        <Section
          title="Moving out"
          text="Everything of this program in one file, which a server without anything in it can take in: the same codes, balances and payouts. It holds people's names and addresses, and no key."
        >
          <a class="button" href={app('/export')} download>
            Download everything
          </a>
        </Section>
      </div>
      {failure && summary && (
        <p class="fault" role="alert">
          {told(failure).title}. {told(failure).text}
        </p>
      )}
    </>
  )
}
