import type { SiteName } from './host.ts'
import type { OpenSite } from './open.ts'

type Guide = {
  api: string
  sites: Record<SiteName, OpenSite>
  admin: { email: string; password: string }
  keysFile: string
}

/** What the terminal says once everything runs. */
export function guide({ api, sites, admin, keysFile }: Guide) {
  const { kilnhouse, hexrack, warraq } = sites
  const applications = `${api}/v1/apps/${kilnhouse.appId}/affiliates/applications`
  return `
  Three companies that use Mislata
    Kilnhouse    ${kilnhouse.url}   calm, by day and by night
    Hexrack      ${hexrack.url}   dark and dense, with a reset that takes everything away
    دار الورّاق   ${warraq.url}   Arabic, like print, with a style sheet of 2009
  Mislata        ${api}

  See a partner's dashboard    <site>/login       the first of the list; the others stand everywhere else that one can stand
  Invite a friend              <site>/app/refer   the second of the list
  Apply                        <site>/partners    in a private window
  Be somebody Jane sends       ${kilnhouse.url}/?ref=JANE20   in a private window: sign up, buy Pro, look at Jane's figures

  Answer an application:
    KEY=$(node -p "JSON.parse(fs.readFileSync('${keysFile}')).kilnhouse.secretKey")
    curl -H "x-api-key: $KEY" '${applications}?status=pending'
    curl -H "x-api-key: $KEY" -H 'content-type: application/json' -d '{"action":"approve","code":"NOOR20"}' \\
      ${applications}/<id>/review

  Admin   ${admin.email}, ${admin.password}   for POST ${api}/v1/auth/login
  Ctrl-C ends all of it. What happened stays in data/demo; delete that folder to begin afresh.
`
}
