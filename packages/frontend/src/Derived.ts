/** What follows from a value and nothing else: made once for each, and kept for as long as the value is. */
export const of = <K extends object, A>(make: (from: K) => A): ((from: K) => A) => {
  const made = new WeakMap<K, A>()
  return (from) => {
    const known = made.get(from)
    if (known !== undefined) return known
    const fresh = make(from)
    made.set(from, fresh)
    return fresh
  }
}
