type Guide = { api: string; siteUrl: string; appId: string; admin: { email: string; password: string }; keysFile: string }

/** What the terminal says once everything runs. */
export function guide({ api, siteUrl, appId, admin, keysFile }: Guide) {
  const applications = `${api}/v1/apps/${appId}/affiliates/applications`
  return `
  Kilnhouse, a company that uses Mislata   ${siteUrl}
  Mislata                                  ${api}

  See a partner's dashboard    ${siteUrl}/login         pick Jane Smith, then Partner
  Apply                        ${siteUrl}/partners      in a private window
  Be somebody Jane sends       ${siteUrl}/?ref=JANE20   in a private window: sign up, buy Pro, look at Jane's figures

  Answer an application:
    KEY=$(node -p "JSON.parse(fs.readFileSync('${keysFile}')).secretKey")
    curl -H "x-api-key: $KEY" '${applications}?status=pending'
    curl -H "x-api-key: $KEY" -H 'content-type: application/json' -d '{"action":"approve","code":"NOOR20"}' \\
      ${applications}/<id>/review

  Admin   ${admin.email}, ${admin.password}   for POST ${api}/v1/auth/login
  Ctrl-C ends both. What happened stays in data/; delete data/demo* to begin afresh.
`
}
