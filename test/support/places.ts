/** Each place of text in good bodies: its path, and the body with something else put there. */
export function places(bodies: object[] = []) {
  return bodies.flatMap(body =>
    leaves(body).map(path => [path.join('.'), (value: unknown) => replaced(body, path, value)] as const),
  )
}

function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...path, name]))
}

function replaced(body: object, path: string[], value: unknown) {
  const copy = structuredClone(body)
  const [last = '', ...above] = path.toReversed()
  const holder = above.toReversed().reduce((held, name) => (held as Record<string, object>)[name] as object, copy)
  Object.assign(holder, { [last]: value })
  return copy
}
