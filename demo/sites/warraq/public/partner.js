// Runs only where somebody is signed in: the widget asks our own backend who that is.
for (const element of document.querySelectorAll('mislata-program, mislata-status, mislata-refer')) {
  element.getToken = async () => {
    const answer = await fetch('/partner-token')
    if (!answer.ok) throw new Error(`No partner session: ${answer.status}`)
    return (await answer.json()).token
  }
}
