/**
 * The same answers, of which those that are any are looked up the next time. At most `capacity` (1 or more) are kept: the
 * one that was first kept makes way.
 */
export const make = <A>(capacity: number, answer: (question: string) => A | undefined) => {
  const known = new Map<string, A>()
  return (question: string): A | undefined => {
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
