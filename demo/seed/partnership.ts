import type { World } from './live.ts'

type Entrant = {
  customerId?: string
  name: string
  email: string
  code: string
  website?: string | undefined
  reason?: string | undefined
}

/** How somebody becomes a partner of the program. */
export function partnership({ company, admin, secret, appId }: World) {
  const { answers } = company

  function review(applicationId: string, decision: object) {
    return admin.post<{ affiliate: { id: string } }>(
      `/v1/apps/${appId}/affiliates/applications/${applicationId}/review`,
      decision,
    )
  }

  function apply(who: Omit<Entrant, 'customerId' | 'code'>) {
    return secret.post<{ id: string }>('/v1/affiliate/apply', { ...who, answers })
  }

  return {
    apply,
    review,
    /** Applies, is approved, and can see the dashboard where they are a customer as well. Resolves to the partner's id. */
    async enter({ customerId, name, email, code, website, reason }: Entrant) {
      const application = await apply({ name, email, website, reason })
      const { affiliate } = await review(application.id, { action: 'approve', code })
      if (customerId) await secret.put(`/v1/customers/${encodeURIComponent(customerId)}`, { email, name })
      return affiliate.id
    },
  }
}
