import type { ComponentType } from 'preact'
import type { Waiting } from './models/waiting.ts'

/** A screen gets what stands in the address behind its own path: `/console/prog_1/partners/par_2` gives `['par_2']`. */
export type ScreenProps = { rest: string[] }

export type Screen = {
  /** In the address: `/console/prog_1/<path>`. */
  path: string
  name: string
  /** Under which heading it stands in the navigation; `null` keeps it out of there. */
  group: '' | 'Partners' | 'Money' | 'Running' | 'Settings' | null
  /** What of the overview's `decide` is counted beside its name. */
  waiting?: keyof Waiting
  /** Who may open it; everybody where nothing is said. */
  only?: 'own' | 'manage' | 'money'
  load: () => Promise<{ default: ComponentType<ScreenProps> }>
}

/** Every screen there is, in the order of the navigation. Each is loaded when it is opened. */
export const screens: Screen[] = [
  { path: 'overview', name: 'Overview', group: '', load: () => import('./views/overview/overview.tsx') },
  {
    path: 'applications',
    name: 'Applications',
    group: 'Partners',
    waiting: 'applications',
    load: () => import('./views/applications/applications.tsx'),
  },
  { path: 'partners', name: 'Partners', group: 'Partners', load: () => import('./views/partners/partners.tsx') },
  {
    path: 'referrals',
    name: 'Referrals',
    group: 'Partners',
    waiting: 'heldReferrals',
    load: () => import('./views/referrals/referrals.tsx'),
  },
  { path: 'rewards', name: 'Rewards', group: 'Partners', load: () => import('./views/rewards/rewards.tsx') },
  { path: 'deals', name: 'Deals', group: 'Partners', load: () => import('./views/deals/deals.tsx') },
  { path: 'codes', name: 'Codes', group: 'Partners', load: () => import('./views/codes/codes.tsx') },
  {
    path: 'commissions',
    name: 'Commissions',
    group: 'Money',
    waiting: 'heldCommissions',
    load: () => import('./views/commissions/commissions.tsx'),
  },
  {
    path: 'payouts',
    name: 'Payouts',
    group: 'Money',
    waiting: 'payoutsProposed',
    load: () => import('./views/payouts/payouts.tsx'),
  },
  { path: 'stuck', name: 'Stuck', group: 'Running', waiting: 'stuck', load: () => import('./views/stuck/stuck.tsx') },
  { path: 'webhooks', name: 'Webhooks', group: 'Running', load: () => import('./views/webhooks/webhooks.tsx') },
  { path: 'mail', name: 'Mail', group: 'Running', load: () => import('./views/mail/mail.tsx') },
  { path: 'import', name: 'Import', group: 'Running', only: 'manage', load: () => import('./views/import/import.tsx') },
  { path: 'audit', name: 'Audit log', group: 'Running', load: () => import('./views/audit/audit.tsx') },
  { path: 'settings', name: 'Settings', group: 'Settings', load: () => import('./views/settings/settings.tsx') },
  { path: 'keys', name: 'Keys', group: 'Settings', only: 'own', load: () => import('./views/keys/keys.tsx') },
  { path: 'team', name: 'Team', group: 'Settings', load: () => import('./views/team/team.tsx') },
  { path: 'account', name: 'Your account', group: 'Settings', load: () => import('./views/account/account.tsx') },
]
