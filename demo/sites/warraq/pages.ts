import { html } from 'hono/html'
import type { Customer } from '../../backend/books.ts'
import type { View } from './layout.ts'
import { cover } from './ornament.ts'

const shelf = [
  ['ألف ليلة وليلة، أربعة أجزاء', 140_000],
  ['صندوق الشتاء', 85_000],
  ['اشتراك القارئ، شهري', 19_500],
] as const

const price = (minor: number) => new Intl.NumberFormat('ar-EG', { style: 'currency', currency: 'EGP' }).format(minor / 100)

export function front(): View {
  return {
    title: 'الواجهة',
    body: html`<div class="col-main">
  <p class="kicker">افتتاحية</p>
  <h1>الكتاب الذي يوصي به الجميع ولا يعيره أحد</h1>
  <div class="columns">
    <p class="first">في كل بيت كتاب لا يُعار. يخرج من الرف للضيف، يُقرأ منه سطران، ثم يعود إلى مكانه قبل أن تبرد القهوة. سألنا أربعين قارئًا عن كتابهم ذاك، فوجدنا أن أحدًا لم يشتره بنفسه: كلهم أخذوه عن صديق.</p>
    <p>نحن ورّاقون. نعرف أن الإعلان لا يبيع كتابًا، وأن جملة واحدة ممّن تثق به تبيعه. لذلك نطبع الفهرس كل شتاء، ونترك بقية العمل لمن يقرأ.</p>
    <p>وفي هذا العدد: رسائل لم تُرسل، وخرائط لمدن لم تُبنَ، وحوار مع خطّاط يكتب بيده اليسرى ما نسيته اليمنى.</p>
  </div>
  <p><a class="btn" href="/partners">اكتب عن كتاب، وخذ نصيبك منه</a></p>
</div>
<div class="col-side">
  ${cover}
  <h2>من رفوفنا</h2>
  <ul class="shelf">${shelf.map(([name, amount]) => html`<li><span>${name}</span> <b>${price(amount)}</b></li>`)}</ul>
</div>`,
  }
}

export function partners(publishableKey: string): View {
  return {
    title: 'الشركاء',
    body: html`<div class="col-main">
  <p class="kicker">للنوادي والنشرات والقنوات</p>
  <h1>اكتب عن كتاب، وخذ نصيبك منه</h1>
  <p class="lead">لك ١٥٪ من ثمن كل كتاب يشتريه من جاء عن طريقك، ومن كل شهر يدفعه المشترك بعد ذلك.</p>
  <ol class="steps">
    <li><b>انشر رابطك.</b> نذكر ثلاثين يومًا من أرسل الزائر.</li>
    <li><b>يشتري القارئ.</b> ترى كل بيعة ساعة وقوعها.</li>
    <li><b>تُحوَّل عائداتك.</b> بعد واحد وعشرين يومًا من الدفع.</li>
  </ol>
</div>
<div class="col-side wide">
  ${program(publishableKey)}
</div>`,
  }
}

/** Signing in is picking a person. What each is here for is said in English, for whoever looks at the demonstration. */
export function login(customers: Customer[]): View {
  return {
    title: 'الدخول',
    body: html`<h1>من أنت؟</h1>
<p class="lead" lang="en" dir="ltr">A demonstration: pick a person. There are no passwords here.</p>
<form class="people clearfix" method="post" action="/login">${customers.map(
      ({ id, name, about }) =>
        html`<button name="customerId" value="${id}"><b>${name}</b><span lang="en" dir="ltr">${about}</span></button>`,
    )}</form>`,
  }
}

export function account(customer: Customer, publishableKey: string): View {
  return {
    title: 'حسابي',
    body: html`<div class="col-main">
  <h1>أهلًا، ${customer.name}</h1>
  <h2>آخر ما طلبت</h2>
  <ul class="shelf">${shelf.slice(0, 2).map(([name, amount]) => html`<li><span>${name}</span> <b>${price(amount)}</b></li>`)}</ul>
</div>
<div class="col-side wide">
  <h2>شراكتك</h2>
  <mislata-status publishable-key="${publishableKey}"></mislata-status>
</div>`,
  }
}

export function partnerArea(publishableKey: string): View {
  return { title: 'عائداتي', body: html`<h1>عائداتي</h1>${program(publishableKey)}` }
}

export function referArea(): View {
  return { title: 'أصدقائي', body: html`<h1>أصدقائي</h1><mislata-refer></mislata-refer>` }
}

function program(publishableKey: string) {
  return html`<mislata-program publishable-key="${publishableKey}"><p>صفحة الشركاء في الطريق إليك.</p></mislata-program>`
}
