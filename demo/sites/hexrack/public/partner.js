// Runs only where somebody is signed in: the widget asks our own backend who that is.
const widgets = document.querySelectorAll('mislata-status, mislata-dashboard, mislata-refer')
const getToken = async () => {
  const answer = await fetch('/partner-token')
  if (!answer.ok) throw new Error(`No partner session: ${answer.status}`)
  return (await answer.json()).token
}
for (const element of widgets) Object.assign(element, { getToken, wording: { referTitle: 'Bring your squad to {program}' } })
