import { useEffect, useState } from 'preact/hooks'

/** Copies a text, and says so in place. */
export function Copy({ text, what, label = 'Copy' }: { text: string; what: string; label?: string }) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(''), 3_000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Select it and copy it by hand'),
    )
  return (
    <>
      <button type="button" class="small" aria-label={said ? undefined : `${label}: ${what}`} onClick={copy}>
        {said || label}
      </button>
      <span class="hidden" role="status">
        {said && `${said}: ${what}`}
      </span>
    </>
  )
}
