/** `note`: it works, and may not be what somebody wants. `wrong`: something does not, or will not. */
export type Finding = { about: string; level: 'ok' | 'note' | 'wrong'; said: string; todo?: string }

/** The findings on one subject, as they are made. */
export function findings(about: string) {
  const all: Finding[] = []
  return {
    all,
    ok: (said: string) => void all.push({ about, level: 'ok', said }),
    note: (said: string, todo: string) => void all.push({ about, level: 'note', said, todo }),
    wrong: (said: string, todo: string) => void all.push({ about, level: 'wrong', said, todo }),
  }
}

export type Findings = ReturnType<typeof findings>
