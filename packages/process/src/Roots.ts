import { globalValue } from "effect/GlobalValue"

/** Takes no fiber, and has none. */
const none = {
  add: () => none,
  delete: () => false,
  [Symbol.iterator]: () => [][Symbol.iterator]()
}

/**
 * Has Effect keep no list of the fibers that run by themselves: it is for `Fiber.roots`, which nobody asks here. It is a
 * Set, and V8 gives a Set another table whenever entries that were deleted fill the one that it has: one of four places,
 * where few fibers run at a time. A table that was replaced leads to the next one, and holds the fibers that ran then: the
 * one of a page that has another for what it reads, for example. Once such a table is old, it keeps all that come after it
 * from the collector of the young generation, with their fibers and all that these refer to.
 */
export const forget = (): void => {
  globalValue<{ roots: Iterable<never> }>(Symbol.for("effect/FiberScope/Global"), () => ({ roots: none })).roots = none
}
