// Shows the orders that wait for an operator, and puts one back: `npm run journal -- list`, `npm run journal -- retry ID`;
// `latest` shows how the latest orders stand, whichever they are. On the Redis at REDIS_ADDR or the files under DATA_DIR. docs/operating-orders.md says when.
import { type Entry, JournalStore } from "@retro/checkoutservice/JournalStore"
import * as JournalStoreFile from "@retro/checkoutservice/JournalStoreFile"
import * as JournalStoreRedis from "@retro/checkoutservice/JournalStoreRedis"
import * as JournalView from "@retro/checkoutservice/JournalView"
import * as StartFailure from "@retro/process/StartFailure"
import { isSet } from "@retro/process/Variable"
import { Cause, Effect, Exit, Layer, Logger, LogLevel } from "effect"

const store = Layer.unwrapEffect(
  Effect.map(isSet("REDIS_ADDR"), (given) => (given ? JournalStoreRedis.layerConfig : JournalStoreFile.layerConfig))
)

/** What an operator needs of a journal; nothing of whose it is. */
const row = (entry: Entry): string => {
  const { attempts, begunAt, id, program, state, steps } = JournalView.of(entry)
  const last = steps.at(-1)
  const after = last === undefined ? "after no step" : `after ${last.name} (${last.outcome})`
  return [id, program, state, `begun ${new Date(begunAt).toISOString()}`, `${attempts} attempts`, after].join("  ")
}

const list = Effect.gen(function* () {
  const { parked } = yield* JournalStore
  const entries = yield* parked
  for (const entry of entries) console.log(row(entry))
  console.log(entries.length === 0 ? "nothing is parked" : `${entries.length} parked`)
  return 0
})

const latest = Effect.gen(function* () {
  const { latest } = yield* JournalStore
  for (const entry of yield* latest) console.log(row(entry))
  return 0
})

const retry = Effect.fnUntraced(function* (id: string) {
  const { unpark } = yield* JournalStore
  const isBack = yield* unpark(id)
  console.log(isBack ? `${id} is back: a replica takes it up within a second or two` : `${id} is not parked`)
  return isBack ? 0 : 1
})

const commandOf = ([command, id, ...rest]: ReadonlyArray<string>) => {
  if (command === "list" && id === undefined) return list
  if (command === "latest" && id === undefined) return latest
  if (command === "retry" && id !== undefined && rest.length === 0) return retry(id)
  console.error("usage: npm run journal -- list | latest | retry ID")
  return process.exit(2)
}

const exit = await commandOf(process.argv.slice(2)).pipe(
  Effect.provide(store),
  Logger.withMinimumLogLevel(LogLevel.Error),
  Effect.runPromiseExit
)
if (Exit.isSuccess(exit)) process.exit(exit.value)
const { exitCode, text } = StartFailure.make(exit.cause)
console.error(text)
process.exit(Cause.isInterruptedOnly(exit.cause) ? 130 : exitCode)
