/**
 * What follows from a value and nothing else: made once for each, and kept for as long as the value is. Only for values that
 * live long: with one that each page makes anew, V8 keeps what the page was made of until it next looks through all memory.
 */
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
