import type { Groups } from '../wording.ts'

export const sentences: Groups['account'] = {
  yourLink: 'رابطك',
  copyLink: 'نسخ الرابط',
  copied: 'تم النسخ',
  copyByHand: 'الرابط محدد. اضغط Ctrl+C، أو ⌘C على ماك، لنسخه.',
  share: 'مشاركة',
  picture: 'رمز QR',
  pictureOf: 'رمز QR للرابط {link}',
  pictureText: 'امسحه لفتح الرابط. عند الطباعة اترك الإطار الأبيض حوله.',
  pictureSave: 'حفظ بصيغة SVG',

  figures: 'أرقامك',
  more: 'عرض {n} أخرى',
  date: 'التاريخ',
  state: 'الحالة',
  stale: 'قد لا تكون هذه الأرقام محدّثة.',
}
