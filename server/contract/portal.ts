import * as v from 'valibot'
import { Instant } from './text.ts'

/** GET /v1/affiliate/portal-link. The address lets one browser in, once. */
export const PortalLink = v.object({ url: v.string(), expiresAt: Instant })
