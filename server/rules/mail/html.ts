import { coloursOf } from './colours.ts'
import type { Sender } from './kinds.ts'
import type { Message } from './message.ts'
import type { Sentence } from './sentence.ts'

const SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

/**
 * The mail as HTML: one column of at most 600 px, by day and by night, without a script and with no picture but the
 * program's logo. Styles stand on the elements as well, because some mail programs read no others.
 */
export function asHtml(message: Message, sender: Sender) {
  const { title, paragraphs, rows, act, note, foot } = message
  const rtl = sender.language === 'ar'
  const [direction, start, end] = rtl ? ['rtl', 'right', 'left'] : ['ltr', 'left', 'right']
  const { day, night } = coloursOf(sender.accent)
  // A list ends in a line already.
  const isListLast = rows.length > 0 && !act
  const text = 'margin:0 0 16px;font-size:16px;line-height:24px;color:#1c1917'
  const small = 'margin:0;font-size:14px;line-height:20px;color:#6b6560'
  return `<!doctype html>
<html lang="${sender.language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no"><title>${escaped(message.subject)}</title><style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{color:${day.link}}
@media (max-width:480px){.card{padding:24px 20px !important;border-radius:0 !important;border-left:0 !important;border-right:0 !important}.page{padding:0 !important}.foot{padding:16px 20px !important}}
@media (prefers-color-scheme:dark){.page,body{background:#141210 !important}.card{background:#1b1917 !important;border-color:#35312e !important}.fg{color:#f5f5f4 !important}.muted{color:#a8a29e !important}.line{border-color:#35312e !important}.act,.mark{background:${night.button} !important;color:${night.on} !important}a{color:${night.link} !important}a.act{color:${night.on} !important}.logo{padding:4px 8px !important;border-radius:6px;background:#fff !important}}
</style></head>
<body style="margin:0;padding:0;background:#fafaf9;-webkit-text-size-adjust:100%"><div class="page" dir="${direction}" lang="${sender.language}" style="padding:32px 16px;background:#fafaf9;font-family:${SANS};text-align:${start};word-break:break-word;overflow-wrap:anywhere">
<!--[if mso]><table role="presentation" align="center" width="600"><tr><td><![endif]-->
<div class="card" style="box-sizing:border-box;max-width:600px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e7e5e4;border-radius:12px">
<p class="fg" style="margin:0 0 24px;font-size:16px;line-height:32px;font-weight:600;color:#1c1917">${badge(sender, day, end)}${escaped(sender.name)}</p>
<h1 class="fg" style="margin:0 0 12px;font-size:24px;line-height:32px;font-weight:600;color:#1c1917">${marked(title)}</h1>
${paragraphs.map(each => `<p class="fg" style="${text}">${marked(each)}</p>`).join('\n')}
${rows.length ? figures(rows) : ''}
${act ? `<p style="margin:24px 0 0"><a class="act" href="${escaped(act.url)}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:${day.button};color:${day.on};font-size:16px;line-height:24px;font-weight:500;text-decoration:none">${escaped(act.label)}</a></p>` : ''}
${note ? `<p class="muted line" style="${small};margin-top:${isListLast ? 16 : 24}px${isListLast ? '' : ';padding-top:16px;border-top:1px solid #e7e5e4'}">${marked(note)}</p>` : ''}
</div>
<div class="foot" style="max-width:600px;margin:0 auto;padding:16px 32px"><p class="muted" style="${small}">${marked(foot)}<br><a href="${escaped(sender.siteUrl)}" style="color:${day.link}">${escaped(new URL(sender.siteUrl).host)}</a></p></div>
<!--[if mso]></td></tr></table><![endif]-->
</div></body></html>
`
}

function badge({ logoUrl, name }: Sender, day: { button: string; on: string }, end: string) {
  if (logoUrl)
    return `<img class="logo" src="${escaped(logoUrl)}" alt="" height="28" style="height:28px;max-width:160px;margin-${end}:12px;vertical-align:middle;object-fit:contain">`
  const first = [...name][0]?.toUpperCase() ?? ''
  return `<span class="mark" aria-hidden="true" style="display:inline-block;width:32px;margin-${end}:12px;border-radius:8px;background:${day.button};color:${day.on};text-align:center">${escaped(first)}</span>`
}

/** A list, so that each figure is read with what it is; a figure keeps its own direction. */
function figures(rows: Message['rows']) {
  const lines = rows.map(
    ({ label, value }) =>
      `<div class="line" style="padding:10px 0;border-top:1px solid #e7e5e4"><dt class="muted" style="margin:0;font-size:14px;line-height:20px;color:#6b6560">${escaped(label)}</dt><dd class="fg" style="margin:0;font-size:16px;line-height:24px;font-weight:500;color:#1c1917"><bdi>${escaped(value)}</bdi></dd></div>`,
  )
  return `<dl class="line" style="margin:8px 0 0;border-bottom:1px solid #e7e5e4">${lines.join('\n')}</dl>`
}

function marked(sentence: Sentence) {
  return sentence.map(part => (typeof part === 'string' ? escaped(part) : `<bdi>${escaped(part.value)}</bdi>`)).join('')
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it may stand anywhere in HTML: between tags and in a quoted attribute. */
export function escaped(text: string) {
  return text.replace(/[&<>"']/g, letter => escapes[letter] ?? '')
}
