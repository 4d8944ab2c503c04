import type { Language } from './words.ts'

export const ja: Language = {
  mails: {
    application_received: {
      subject: '{program}: お申し込みを受け付けました',
      title: 'お申し込みを受け付けました',
      body: [
        '{program} のパートナープログラムにお申し込みいただき、ありがとうございます。',
        '内容を確認し、このアドレスにお返事します。ほかに必要な手続きはありません。',
      ],
      note: 'お心当たりがない場合は、どなたかがこのアドレスを入力したものと思われます。何もしていただく必要はありません。',
    },
    application_known: {
      subject: '{program} にはすでにお申し込み済みです',
      title: 'すでにお申し込み済みです',
      body: [
        'このアドレスで {program} へのお申し込みがありましたが、すでに登録されているアドレスです。',
        '最初のお申し込みが有効です。何もしていただく必要はありません。',
      ],
    },
    application_approved: {
      subject: '{program} のパートナープログラムへようこそ',
      title: 'パートナーになりました',
      body: [
        '{program} がお申し込みを承認しました。',
        'リンクを共有してください。そこから訪れて購入した方が、あなたの成果として数えられます。',
      ],
      act: 'ポータルを開く',
      note: 'ポータルでこのアドレスを入力すると、サインイン用のリンクが届きます。',
    },
    application_rejected: {
      subject: '{program} へのお申し込みについて',
      title: '今回は見送りとなりました',
      body: [
        '{program} にご関心をお寄せいただき、ありがとうございます。お申し込みを確認しましたが、承認には至りませんでした。',
        '理由: {reason}',
      ],
    },
    portal_link: {
      subject: '{program} パートナーポータルへのサインイン',
      title: 'ポータルにサインイン',
      body: [
        '{program} のパートナーポータルへのリンクが請求されました。',
        'リンクは 10 分間、一度だけ使えます。請求したブラウザーで開くことをお勧めします。',
      ],
      act: 'サインイン',
      note: 'お心当たりがない場合は、そのままにしてください。このメールがなければ誰も入れません。転送しないでください。',
    },
    first_commission: {
      subject: '{program} からの最初の報酬',
      title: '最初の報酬が発生しました',
      body: ['あなたの紹介で購入がありました。{program} からの最初の報酬です。これからもよろしくお願いします。'],
      act: 'ポータルを開く',
    },
    commission_reversed: {
      subject: '{program}: 報酬が取り消されました',
      title: '報酬が取り消されました',
      body: ['報酬の全部または一部が取り消されました。すでに支払い済みの場合は、次回の支払いから差し引かれます。'],
      act: 'ポータルを開く',
    },
    commission_restored: {
      subject: '{program}: 報酬が元に戻りました',
      title: '報酬が元に戻りました',
      body: ['取り消されていた報酬が、あらためて加算されました。'],
      act: 'ポータルを開く',
    },
    payout_sent: {
      subject: '{program} から {amount} の支払いがありました',
      title: '支払いを送りました',
      body: ['{program} が支払いを送りました。銀行やサービスによっては、反映まで数日かかることがあります。'],
      act: 'ポータルを開く',
    },
    payout_failed: {
      subject: '{program}: 支払いが届きませんでした',
      title: '支払いが届きませんでした',
      body: [
        '金額が失われることはありません。今後の支払いに含まれます。',
        '次の支払いが届くように、お支払い先の情報をご確認ください。',
      ],
      act: 'ポータルを開く',
    },
    payout_details_changed: {
      subject: '{program}: 登録情報が変更されました',
      title: '登録情報が変更されました',
      body: [
        '連絡先アドレス、または {program} からの支払い方法が変更されました。現在の内容は次のとおりです。',
        'ご自身による変更でも、ご承知の変更でもない場合は、すぐに {program} へお知らせください: {contact}',
      ],
      note: 'このメールは、変更前と変更後の両方のアドレスに送られています。',
    },
    monthly_statement: {
      subject: '{program}: {month} の明細',
      title: '{month}',
      body: ['{program} でのこの月の成果です。'],
      act: 'ポータルを開く',
      note: '後日の返金は、後の月に計上されます。',
    },
    endpoint_disabled: {
      subject: '{program}: Webhook が無効になりました',
      title: 'Webhook が無効になりました',
      body: [
        'このエンドポイントには何も送信されなくなりました。',
        '応答するようになったら有効にし、届かなかったものを再送してください。',
      ],
    },
  },
  labels: {
    code: 'コード',
    link: 'リンク',
    amount: '金額',
    availableAt: '支払い可能日',
    remaining: '残り',
    reason: '理由',
    method: '支払い方法',
    reference: '照会番号',
    address: 'アドレス',
    payoutEmail: '支払い用アドレス',
    account: '口座',
    changedAt: '変更日',
    earned: '獲得',
    paid: '支払い済み',
    clicks: 'クリック',
    signups: '登録',
    sales: '顧客の支払い',
    endpoint: 'エンドポイント',
    since: '無効になった日',
  },
  reasons: {
    refund: '顧客に返金されました',
    refund_failed: '顧客への返金が成立しませんでした',
    dispute_lost: '顧客の銀行が支払いを取り消しました',
    dispute_won: '顧客の銀行が支払いを戻しました',
    limit: '以前の支払いが判明したため、この支払いは上限を超えました',
    rejected: 'プログラムが承認しませんでした',
    gone: 'すでに存在しないという応答がありました (410)',
    failing: '5 日間、失敗の応答が続きました',
  },
  methods: { bank_transfer: '銀行振込', crypto: '暗号資産' },
  foot: '{program} のパートナープログラムに関するお知らせです。',
  open: '{act}:',
}
