import type { MailLanguage } from '../../contract/mails.ts'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'
import type { PortalWords } from './words.ts'

export const portalWords: Record<MailLanguage, PortalWords> = { en, es, de, fr, pt, ja, ar }
