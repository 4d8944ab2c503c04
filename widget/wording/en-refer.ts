// Every sentence of a customer's own referrals. Counts and days arrive formatted.
export const enRefer = {
  referTitle: (program: string) => `Bring friends to ${program}`,
  credits: (count: number, shown: string) => `${shown} ${count === 1 ? 'credit' : 'credits'}`,
  promise: ({ you, friend, friends }: { you: string; friend: string; friends: string }) =>
    you && friend
      ? `You get ${you}, your friend gets ${friends}`
      : you
        ? `You get ${you} for each friend`
        : friend
          ? `Your friend gets ${friend}`
          : 'Share your link with friends',
  promiseWhen: (onSignup: boolean) => (onSignup ? 'as soon as they sign up.' : 'once they have paid for the first time.'),
  promiseMost: (most: number, shown: string) =>
    most === 1 ? 'This holds for one friend.' : `This holds for up to ${shown} friends.`,
  yourCode: 'Your code',

  referOff: 'Referrals are not open at the moment',
  referOffText: (program: string) =>
    `${program} gives nothing for bringing friends just now. Your link appears here once it does.`,
  referOffKept: 'What you have earned so far stays yours.',
  referSignedOut: 'Sign in to see your link',
  referSignedOutText: 'Your link and what it has brought appear here once you are signed in.',

  referFigures: { clicks: 'Clicks', signups: 'Signups', rewarded: 'Rewarded', earned: 'Credits earned' },
  referHints: {
    clicks: 'visits through your link',
    signups: 'friends who came with it',
    waiting: (count: number, shown: string) => (count === 1 ? '1 more is on its way' : `${shown} more are on their way`),
    capped: (count: number, shown: string) => (count === 1 ? '1 was over the limit' : `${shown} were over the limit`),
    rewarded: 'credits were given for them',
    earned: 'in all',
  },

  events: 'What came of it',
  eventsEmpty: 'Nobody has come yet',
  eventsEmptyText: 'Share your link. The first friend who signs up through it stands here.',
  who: 'Who',
  friend: 'A friend',
  friendOf: (campaign: string) => `A friend, through ${campaign}`,
  yourself: 'You, through a friend’s link',
  reward: 'Credits',
  eventStates: {
    attributed: 'Signed up',
    qualified: 'Credits are on their way',
    review: 'Being looked at',
    rewarded: 'Rewarded',
    capped: 'Over the limit',
    rejected: 'Not accepted',
    reversed: 'Taken back',
  },
}
