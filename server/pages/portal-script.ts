/** What the portal's pages run, as a file of this server's own: their policy lets no script stand in the page itself. */
export const portalScript = `// A link works once, so its button is pressed once.
for (const form of document.forms)
  form.addEventListener('submit', event => {
    if (form.dataset.sent) event.preventDefault()
    form.dataset.sent = 'yes'
  })

// Pages that the browser kept while somebody was elsewhere may show what they are no longer to see.
addEventListener('pageshow', event => event.persisted && location.reload())

const dashboard = document.querySelector('mislata-dashboard')
if (dashboard) {
  dashboard.getToken = async () => {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch('/portal/session', { method: 'POST', headers, body: '{}' })
    if (reply.ok) return (await reply.json()).token
    // The session is over. The page itself says what to do then.
    if (reply.status === 401) location.reload()
    throw new Error('No token: ' + reply.status)
  }
}
`
