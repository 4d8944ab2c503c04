import type { ImportField, ImportKind, ImportSource } from '../contract/import.ts'

export type Vendor = Exclude<ImportSource, 'mislata'>
/** What the sources call themselves. */
export const sourceNames: Record<ImportSource, string> = {
  rewardful: 'Rewardful',
  firstpromoter: 'FirstPromoter',
  tolt: 'Tolt',
  tapfiliate: 'Tapfiliate',
  partnerstack: 'PartnerStack',
  dub: 'Dub',
  csv: 'a file',
  mislata: 'Mislata',
}

type Columns = Partial<Record<ImportField, string>>
type Layout = {
  /** Names of columns by our field, the first that is there holds; spelled as `columnName` makes them. */
  columns: Columns
  /** How its JSON has amounts. Files with titles have them as people write them, unless a title says `cents`. */
  json?: 'major' | 'minor'
  currency?: string
}

const person = {
  email: 'email email_address partner_email',
  firstName: 'first_name firstname partner_first',
  lastName: 'last_name lastname partner_last',
  name: 'name full_name',
  company: 'company_name company profile_company_name',
  website: 'website website_url profile_website',
  status: 'status state',
  createdAt: 'created_at joined_at created date_created joined partner_joined_date',
  payoutMethod: 'payout_method payout_method_type',
  payoutEmail: 'paypal_email payout_email wise_email payout_details_paypal_email payout_details_email',
  commissionPct: 'commission_pct commission_percent',
  stripeCustomerId: 'stripe_customer_id',
} satisfies Columns

const layouts: Record<Exclude<Vendor, 'csv'>, Record<ImportKind, Layout>> = {
  rewardful: {
    partners: { columns: { ...person, id: 'id affiliate_id', code: 'token links_token link_token referral_token' } },
    referrals: {
      columns: {
        id: 'id referral_id',
        partnerId: 'affiliate_id link_affiliate_id coupon_affiliate_id',
        partnerEmail: 'affiliate_email link_affiliate_email coupon_affiliate_email',
        partnerCode: 'link_token coupon_token token coupon_code',
        stripeCustomerId: 'stripe_customer_id',
        customerKey: 'customer_id',
        customerEmail: 'customer_email email',
        customerName: 'customer_name name',
        createdAt: 'became_lead_at lead_at created_at',
        convertedAt: 'became_conversion_at conversion_at converted_at',
      },
    },
    commissions: {
      json: 'minor',
      columns: {
        id: 'id commission_id',
        partnerId: 'affiliate_id sale_affiliate_id',
        partnerEmail: 'affiliate_email sale_affiliate_email',
        stripeCustomerId: 'stripe_customer_id sale_referral_stripe_customer_id referral_stripe_customer_id',
        customerEmail: 'customer_email sale_referral_customer_email referral_customer_email',
        amount: 'amount commission_amount commission amount_cents commission_amount_cents',
        currency: 'currency sale_currency',
        status: 'state status',
        occurredAt: 'sale_charged_at charged_at sale_invoiced_at invoiced_at created_at',
        availableAt: 'due_at',
        paidAt: 'paid_at',
        saleId: 'sale_stripe_charge_id stripe_charge_id',
        saleAmount: 'sale_charge_amount_cents charge_amount_cents sale_sale_amount_cents sale_amount_cents sale_amount',
      },
    },
  },
  firstpromoter: {
    partners: {
      columns: {
        ...person,
        id: 'id promoter_id',
        code: 'ref_token promoter_campaigns_ref_token ref_id cust_ref default_ref_id promotions_ref_id',
      },
    },
    referrals: {
      columns: {
        id: 'id',
        customerId: 'uid',
        customerEmail: 'email',
        partnerId: 'promoter_id promoter_campaign_promoter_id',
        partnerEmail: 'promoter_email promoter_campaign_promoter_email',
        partnerCode: 'ref_token promoter_campaign_ref_token ref_id',
        createdAt: 'created_at',
        convertedAt: 'customer_since',
      },
    },
    commissions: {
      json: 'minor',
      columns: {
        id: 'id',
        partnerId: 'promoter_id promoter_campaign_promoter_id',
        partnerEmail: 'promoter_email promoter_campaign_promoter_email',
        partnerCode: 'ref_token promoter_campaign_ref_token ref_id',
        customerId: 'referral_uid uid lead_uid',
        customerEmail: 'referral_email lead_email',
        amount: 'amount commission_amount',
        currency: 'currency',
        status: 'status',
        isPaid: 'is_paid paid',
        occurredAt: 'created_at date',
        paidAt: 'paid_at',
        saleId: 'event_id charge_id',
        saleAmount: 'sale_amount',
        unit: 'unit',
      },
    },
  },
  tolt: {
    partners: { columns: { ...person, id: 'id partner_id', code: 'links_value link_value value referral_code tag' } },
    referrals: {
      columns: {
        customerKey: 'id',
        customerId: 'customer_id',
        customerEmail: 'email customer_email',
        customerName: 'name customer_name',
        partnerId: 'partner_id',
        partnerEmail: 'partner_email',
        createdAt: 'lead_at created_at',
        convertedAt: 'active_at converted_at',
      },
    },
    commissions: {
      json: 'minor',
      columns: {
        id: 'id',
        partnerId: 'partner_id',
        partnerEmail: 'partner_email',
        customerKey: 'customer_id',
        customerId: 'customer_customer_id',
        customerEmail: 'customer_email',
        amount: 'amount',
        currency: 'currency program_currency_code',
        status: 'status',
        occurredAt: 'created_at',
        paidAt: 'paid_at',
        saleId: 'charge_id transaction_charge_id',
        saleAmount: 'revenue transaction_amount',
      },
    },
  },
  tapfiliate: {
    partners: { columns: { ...person, id: 'id affiliate_id', code: 'referral_code coupon coupons' } },
    referrals: {
      columns: {
        customerKey: 'id',
        customerId: 'customer_id',
        partnerId: 'affiliate_id',
        partnerEmail: 'affiliate_email',
        partnerCode: 'referral_code',
        createdAt: 'created_at click_created_at',
      },
    },
    commissions: {
      json: 'major',
      columns: {
        id: 'commissions_id commission_id id',
        partnerId: 'affiliate_id commissions_affiliate_id',
        partnerEmail: 'affiliate_email',
        customerId: 'customer_customer_id customer_id',
        amount: 'commissions_amount commission_amount',
        currency: 'commissions_currency commission_currency currency',
        status: 'commissions_approved commission_status approved',
        occurredAt: 'created_at commissions_created_at',
        paidAt: 'paid_at',
        saleId: 'external_id',
        saleAmount: 'amount',
      },
    },
  },
  partnerstack: {
    partners: { columns: { ...person, id: 'key partner_key', code: 'links_key link_key partner_key key' } },
    referrals: {
      columns: {
        customerKey: 'key',
        customerId: 'customer_key provider_key',
        customerEmail: 'email customer_email',
        customerName: 'name customer_name',
        partnerId: 'partner_key partnership_partner_key partnership_key',
        partnerEmail: 'partner_email partnership_email',
        createdAt: 'created_at',
        isTest: 'test',
      },
    },
    commissions: {
      json: 'minor',
      currency: 'USD',
      columns: {
        id: 'key reward_key',
        partnerId: 'partner_key',
        partnerEmail: 'partner_email',
        customerKey: 'customer_key',
        customerEmail: 'customer_email',
        amount: 'amount reward_amount',
        currency: 'currency',
        status: 'reward_status status',
        occurredAt: 'created_at',
        availableAt: 'ready_at',
        paidAt: 'paid_at',
        saleId: 'transaction_key',
        isTest: 'test',
      },
    },
  },
  dub: {
    partners: { columns: { ...person, id: 'partner_id id', code: 'links_key link_key key' } },
    referrals: {
      columns: {
        customerKey: 'id',
        customerId: 'external_id',
        customerEmail: 'email',
        customerName: 'name',
        stripeCustomerId: 'stripe_customer_id',
        partnerId: 'partner_id',
        partnerEmail: 'partner_email',
        partnerCode: 'link_key',
        createdAt: 'created_at',
        convertedAt: 'first_sale_at',
      },
    },
    commissions: {
      json: 'minor',
      columns: {
        id: 'id',
        partnerId: 'partner_id',
        partnerEmail: 'partner_email',
        customerKey: 'customer_id',
        customerId: 'customer_external_id',
        customerEmail: 'customer_email',
        amount: 'earnings',
        currency: 'currency',
        status: 'status',
        occurredAt: 'created_at',
        paidAt: 'paid_at',
        saleId: 'invoice_id',
        saleAmount: 'amount sale_amount',
      },
    },
  },
}

/** What is known of a source's files of one kind. A CSV of one's own goes by our fields' own names, or by a mapping. */
export function layoutOf(from: Vendor, kind: ImportKind): Layout {
  return from === 'csv' ? { columns: {} } : layouts[from][kind]
}

const owner: ImportField[] = ['partnerId', 'partnerEmail', 'partnerCode']

/** What shows that a file is of a kind: of each group one column is there, and none of `without`. Asked in this order. */
export const tellers: { kind: ImportKind; groups: ImportField[][]; without?: ImportField[] }[] = [
  { kind: 'commissions', groups: [['amount'], ['status', 'isPaid', 'occurredAt'], owner] },
  { kind: 'partners', groups: [['email'], ['firstName']] },
  { kind: 'referrals', groups: [owner, ['customerId', 'stripeCustomerId']] },
  { kind: 'partners', groups: [['email'], ['name', 'code']], without: ['partnerEmail'] },
  { kind: 'referrals', groups: [owner, ['customerKey', 'customerEmail']] },
  { kind: 'partners', groups: [['email']] },
]

type State = 'pending' | 'approved' | 'paid' | 'held' | 'rejected'
type Standing = 'active' | 'invited' | 'deactivated'

const words = <T extends string>(table: Record<T, string>) =>
  new Map(Object.entries<string>(table).flatMap(([state, all]) => all.split(' ').map(word => [word, state as T])))

/** What the sources' words for the state of a commission come to. What a source is about to pay is held until it is known. */
export const commissionStates = words<State>({
  pending: 'pending unpaid new open unapproved waiting',
  approved: 'approved due payable processed ready available true',
  paid: 'paid withdrawn completed paid_out paid_externally',
  held: 'hold held on_hold scheduled processing in_transit in_review',
  rejected:
    'rejected denied declined voided void refunded canceled cancelled fraud duplicate disapproved false reversed expired paid_and_refunded',
})

export const partnerStates = words<Standing>({
  active: 'active approved accepted enabled confirmed joined true',
  invited: 'pending invited applied unconfirmed created not_approved',
  deactivated: 'disabled suspended banned blocked deactivated rejected declined inactive archived deleted trashed false',
})
