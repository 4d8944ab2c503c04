/** Most of a test's time would go into guarding its admin's password. */
export const cheap = { N: 2, r: 8, p: 1 }
