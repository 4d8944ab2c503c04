import { render } from 'preact'
import { follow } from './models/place.ts'
import { refresh } from './models/session.ts'
import './style/tokens.css'
import './style/frame.css'
import './style/overview.css'
import './style/parts.css'
import './style/forms.css'
import './style/floats.css'
import './style/queue.css'
import './style/running.css'
import './style/table.css'
import { App } from './views/app.tsx'

const root = document.getElementById('app')
if (root) {
  follow()
  void refresh()
  render(<App />, root)
}
