/**
 * The same answers, of which those that are any are looked up the next time. At most `capacity` (1 or more) are kept: the
 * one that was first kept makes way.
 */
export const make = <Q, A>(capacity: number, answer: (question: Q) => A) => {
  const known = new Map<Q, A>()
  return (question: Q): A => {
    const found = known.get(question) ?? answer(question)
    if (found === undefined || known.has(question)) return found
    for (const oldest of known.keys()) {
      if (known.size < capacity) break
      known.delete(oldest)
    }
    known.set(question, found)
    return found
  }
}
