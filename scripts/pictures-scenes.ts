import type { Page } from 'playwright'
import type { Role } from '../demo/companies/company.ts'

export type Scene = {
  name: string
  path: string
  /** Who is signed in; nobody, where nothing is said. */
  as?: Role
  /** What has to stand there before the picture is taken; by default the widget's first content. */
  until?: 'ready' | 'failed' | 'waiting' | 'load'
  /** What is in the way of the widget's calls. */
  net?: 'held' | 'cut' | 'refused'
  act?: (page: Page) => Promise<unknown>
}

const tab = (nth: number) => async (page: Page) => {
  await page.getByRole('tab').nth(nth).click()
  await page.locator('[role=tabpanel] :is(form, table, ul, .empty)').first().waitFor()
}

const [PAYOUTS, LINKS, DEALS, SETTINGS] = [1, 2, 3, 4]

/** All that somebody can come to see, on every site. */
export const scenes: Scene[] = [
  { name: 'home', path: '/', until: 'load' },
  { name: 'sign-in', path: '/login', until: 'load' },
  { name: 'apply', path: '/partners' },
  { name: 'apply-wrong', path: '/partners', act: page => page.locator('form [part~=button]').last().click() },
  { name: 'none', path: '/app', as: 'customer' },
  { name: 'form', path: '/app/partner', as: 'customer' },
  { name: 'pending', path: '/app/partner', as: 'pending' },
  { name: 'pending-status', path: '/app', as: 'pending' },
  { name: 'rejected', path: '/app/partner', as: 'rejected' },
  { name: 'approved-status', path: '/app', as: 'partner' },
  { name: 'deactivated', path: '/app/partner', as: 'former' },
  { name: 'empty', path: '/app/partner', as: 'fresh' },
  { name: 'empty-payouts', path: '/app/partner', as: 'fresh', act: tab(PAYOUTS) },
  { name: 'empty-deals', path: '/app/partner', as: 'fresh', act: tab(DEALS) },
  { name: 'overview', path: '/app/partner', as: 'partner' },
  { name: 'payouts', path: '/app/partner', as: 'partner', act: tab(PAYOUTS) },
  { name: 'links', path: '/app/partner', as: 'partner', act: tab(LINKS) },
  { name: 'settings', path: '/app/partner', as: 'partner', act: tab(SETTINGS) },
  { name: 'below', path: '/app/partner', as: 'below' },
  { name: 'below-payouts', path: '/app/partner', as: 'below', act: tab(PAYOUTS) },
  { name: 'vast', path: '/app/partner', as: 'vast' },
  { name: 'vast-payouts', path: '/app/partner', as: 'vast', act: tab(PAYOUTS) },
  { name: 'long-account', path: '/app', as: 'long' },
  { name: 'long', path: '/app/partner', as: 'long' },
  { name: 'long-links', path: '/app/partner', as: 'long', act: tab(LINKS) },
  { name: 'long-deals', path: '/app/partner', as: 'long', act: tab(DEALS) },
  { name: 'currencies', path: '/app/partner', as: 'currencies' },
  { name: 'currencies-payouts', path: '/app/partner', as: 'currencies', act: tab(PAYOUTS) },
  { name: 'refer', path: '/app/refer', as: 'customer' },
  { name: 'refer-empty', path: '/app/refer', as: 'fresh' },
  { name: 'loading', path: '/app/partner', as: 'partner', net: 'held', until: 'waiting' },
  { name: 'loading-refer', path: '/app/refer', as: 'customer', net: 'held', until: 'waiting' },
  { name: 'offline', path: '/app/partner', as: 'partner', net: 'cut', until: 'failed' },
  { name: 'expired', path: '/app/partner', as: 'partner', net: 'refused', until: 'failed' },
]

export const widths = [360, 768, 1280] as const
export const themes = ['light', 'dark'] as const

export type Shot = {
  file: string
  site: 'kilnhouse' | 'hexrack' | 'warraq'
  scene: string
  width: number
  theme: (typeof themes)[number]
  /** The element alone, without the page around it. */
  alone?: true
  /** How many pixels of it are kept, from the top; all, where nothing is said. */
  tall?: number
}

/** Those that the documents show. */
export const kept: Shot[] = [
  { file: 'kilnhouse-overview.webp', site: 'kilnhouse', scene: 'overview', width: 1280, theme: 'light', tall: 1080 },
  { file: 'hexrack-overview.webp', site: 'hexrack', scene: 'overview', width: 1280, theme: 'dark', tall: 1080 },
  { file: 'warraq-overview.webp', site: 'warraq', scene: 'overview', width: 1280, theme: 'light', tall: 1080 },
  { file: 'kilnhouse-apply.webp', site: 'kilnhouse', scene: 'apply', width: 1280, theme: 'light' },
  { file: 'hexrack-apply.webp', site: 'hexrack', scene: 'apply', width: 1280, theme: 'dark' },
  { file: 'warraq-apply.webp', site: 'warraq', scene: 'apply', width: 1280, theme: 'dark' },
  { file: 'kilnhouse-phone.webp', site: 'kilnhouse', scene: 'overview', width: 360, theme: 'dark', tall: 900 },
  { file: 'hexrack-phone.webp', site: 'hexrack', scene: 'refer', width: 360, theme: 'dark', tall: 900 },
  { file: 'warraq-phone.webp', site: 'warraq', scene: 'refer', width: 360, theme: 'light', tall: 900 },
  { file: 'state-pending.webp', site: 'kilnhouse', scene: 'pending', width: 560, theme: 'light', alone: true },
  { file: 'state-rejected.webp', site: 'kilnhouse', scene: 'rejected', width: 560, theme: 'light', alone: true },
  { file: 'state-empty.webp', site: 'kilnhouse', scene: 'empty', width: 768, theme: 'light', alone: true },
  { file: 'state-loading.webp', site: 'kilnhouse', scene: 'loading', width: 768, theme: 'light', alone: true },
  { file: 'state-below.webp', site: 'warraq', scene: 'below-payouts', width: 768, theme: 'light', alone: true },
  { file: 'state-vast.webp', site: 'warraq', scene: 'vast', width: 768, theme: 'dark', alone: true },
  { file: 'state-long.webp', site: 'kilnhouse', scene: 'long', width: 768, theme: 'dark', alone: true },
  { file: 'state-currencies.webp', site: 'hexrack', scene: 'currencies', width: 768, theme: 'dark', alone: true },
]

/** The README's, which stands alone on its page. */
export const front: Shot = {
  file: 'dashboard.png',
  site: 'kilnhouse',
  scene: 'overview',
  width: 1120,
  theme: 'light',
  alone: true,
}
