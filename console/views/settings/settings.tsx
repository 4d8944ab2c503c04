import { useOne } from '../../models/one.ts'
import { app, may, screen } from '../../models/session.ts'
import { groups } from '../../models/setting-fields.ts'
import type { Settings as Known } from '../../models/settings.ts'
import type { ScreenProps } from '../../screens.ts'
import { Header, Loaded, Tabs } from '../parts/page.tsx'
import { ApplyQuestions } from './apply-questions.tsx'
import { Connections } from './connections.tsx'
import { Group } from './group.tsx'
import { Install } from './install.tsx'

const others = [
  ['questions', 'Application form'],
  ['install', 'Put it on your site'],
] as const

/** Everything that a program can be told, group by group. */
export default function Settings({ rest: [part = ''] }: ScreenProps) {
  const one = useOne<Known>(app())
  const group = groups.find(each => each.path === part) ?? groups[0]
  const tabs = [...groups.map(each => [each.path, each.name] as const), ...others]
  const saved = (settings: Known) => {
    one.value.value = settings
  }
  return (
    <>
      <Header title="Settings" />
      <Tabs
        label="Settings"
        tabs={tabs.map(([path, name]) => ({
          name,
          href: screen(path ? `settings/${path}` : 'settings'),
          current: path === part,
        }))}
      />
      <Loaded one={one} shape="page">
        {settings => {
          if (part === 'install') return <Install settings={settings} />
          if (part === 'questions') return <ApplyQuestions settings={settings} saved={saved} />
          return (
            group && (
              <>
                <Group key={group.path} group={group} settings={settings} saved={saved} />
                {group.path === 'payouts' && may.own.value && <Connections />}
              </>
            )
          )
        }}
      </Loaded>
    </>
  )
}
