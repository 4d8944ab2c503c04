/** The reference's own style. Two columns where there is room, one below; no size is fixed but the type's. */
export const style = `
:root{color-scheme:light dark;--bg:#fff;--soft:#fafaf9;--fg:#1c1917;--muted:#6b6560;--line:#e7e5e4;--accent:#0f766e;--bad:#b91c1c;--wait:#b45309;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--bg:#1b1917;--soft:#23201e;--fg:#f5f5f4;--muted:#a8a29e;--line:#35312e;--accent:#2dd4bf;--bad:#f87171;--wait:#fbbf24}}
*{box-sizing:border-box}
html{scroll-padding-top:24px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:400 16px/24px system-ui,sans-serif}
a{color:var(--accent);text-underline-offset:3px}
a:focus-visible,pre:focus-visible,summary:focus-visible,nav:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code{font:14px/20px var(--mono);overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:68ch}
p code,td code{padding:1px 4px;background:var(--soft);border:1px solid var(--line);border-radius:4px;font-size:13px}
h1{margin:0 0 12px;font-size:22px;line-height:30px;font-weight:600}
h2{margin:0 0 4px;font-size:22px;line-height:30px;font-weight:600}
h3{margin:0 0 8px;font-size:16px;line-height:24px;font-weight:600}
h3 a,h2 a{color:inherit;text-decoration:none}h3 a:hover,h2 a:hover{text-decoration:underline}
h4{margin:20px 0 4px;font-size:14px;line-height:20px;font-weight:600}
.muted{color:var(--muted)}.small{font-size:14px;line-height:20px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;z-index:1;padding:8px 12px;background:var(--bg)}

nav{padding:20px;border-bottom:1px solid var(--line);background:var(--soft)}
nav strong{display:block;font-weight:600}nav strong a{font-size:16px;line-height:24px;font-weight:600}h2.minor{margin:24px 0 4px;font-size:16px;line-height:24px}
nav ul{list-style:none;margin:0;padding:0}
nav>ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:0 12px}
nav ul ul{display:none}
nav a{display:flex;gap:8px;align-items:baseline;min-height:44px;padding:10px 0;color:inherit;text-decoration:none;font-size:14px;line-height:20px}
nav a:hover{color:var(--accent)}
main{padding:32px 20px 64px;min-width:0}
section{padding-top:48px}
article{padding:32px 0;border-top:1px solid var(--line)}
section>header{padding-bottom:24px}
header>p{margin-bottom:0;color:var(--muted)}

.route{display:flex;flex-wrap:wrap;gap:4px 8px;align-items:baseline;margin-bottom:8px}
.verb{font:600 12px/20px var(--mono);color:var(--muted);letter-spacing:.02em}
.verb.post,.verb.put,.verb.patch{color:var(--accent)}.verb.delete{color:var(--bad)}
.who{display:flex;flex-wrap:wrap;gap:0 12px;margin:0 0 12px;padding:0;list-style:none;font-size:14px;line-height:20px;color:var(--muted)}
.who li::before{content:"";display:inline-block;width:6px;height:6px;margin:0 6px 2px 0;border-radius:3px;background:var(--accent)}

table{width:100%;border-collapse:collapse;font-size:14px;line-height:20px}
caption{padding:12px 0 4px;text-align:start;font-weight:600}
th{padding:4px 12px 4px 0;text-align:start;font-weight:400;color:var(--muted);font-size:12px;line-height:16px}
td{padding:8px 12px 8px 0;border-top:1px solid var(--line);vertical-align:top}
td:first-child code{padding:0;border:0;background:none}td:first-child{width:36%}.wide td:first-child{width:18%}.wide td:nth-child(2){width:22%}td:nth-child(2){width:20%;color:var(--muted)}td:last-child{padding-right:0}
td .need{color:var(--wait);font-size:12px}
@media (max-width:599px){
  thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
  tr{display:block;padding:8px 0;border-top:1px solid var(--line)}
  td,td:first-child,td:nth-child(2){display:inline;width:auto;padding:0;border:0}
  td:first-child::after{content:" "}
  td:last-child:not(:empty){display:block;padding-top:4px}
}

.errors{margin:0;padding:0;list-style:none;font-size:14px;line-height:20px}
.errors li{display:flex;gap:4px 12px;padding:6px 0;border-top:1px solid var(--line)}
.errors b{min-width:32px;font-weight:500;font-variant-numeric:tabular-nums}
.errors span{display:flex;flex-wrap:wrap;gap:4px 12px}
@media (pointer:coarse){.errors a{padding:10px 0}}
details{border-top:1px solid var(--line);margin-top:20px}
summary{padding:12px 0;font-size:14px;line-height:20px;font-weight:600;cursor:pointer}
details[open] summary{padding-bottom:4px}

.code{margin:0 0 12px;border:1px solid var(--line);border-radius:8px;background:var(--soft);overflow:hidden}
.code figcaption{padding:8px 12px;border-bottom:1px solid var(--line);color:var(--muted);font-size:12px;line-height:16px}
pre{margin:0;padding:12px;overflow:auto;max-height:420px;font:13px/20px var(--mono);tab-size:2}

@media (min-width:900px){
  body{display:grid;grid-template-columns:272px minmax(0,1fr)}
  nav{position:sticky;top:0;height:100vh;overflow:auto;padding:24px 12px 32px 24px;border-bottom:0;border-inline-end:1px solid var(--line)}
  nav>ul{display:block}nav ul ul{display:block;margin:0 0 12px}
  nav a{min-height:32px;padding:6px 0;font-weight:500}
  nav ul ul a{min-height:28px;padding:4px 0;font-weight:400;color:var(--muted)}
  nav .verb{flex:0 0 44px;font-size:10px;line-height:16px}
  main{padding:40px 40px 96px;max-width:1200px}
}
@media (min-width:1140px){
  article{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,420px);gap:0 40px}
  article>.shown{position:sticky;top:24px;align-self:start;max-height:calc(100vh - 48px);overflow:auto}
}
@media print{nav{display:none}body{display:block}pre{max-height:none}}
`
