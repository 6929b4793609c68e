// Writes outcomes in the folder it is told, and says what was answered, until it is killed.
import { Duration, Effect } from "effect"
import { randomUUID } from "node:crypto"
import { Outcomes } from "../src/Outcomes.ts"
import { layerFile } from "../src/OutcomesFile.ts"

const [, , folder = ""] = process.argv

const say = (line: string) =>
  Effect.async<void>((resume) => void process.stdout.write(`${line}\n`, () => resume(Effect.void)))

const writeOn = Effect.gen(function* () {
  const outcomes = yield* Outcomes
  const key = randomUUID()
  yield* outcomes.putIfAbsent(key, "begun", Duration.days(1))
  yield* outcomes.replace(key, "begun", `decided ${key}`)
  yield* say(key)
}).pipe(Effect.forever)

Effect.runFork(
  Effect.replicateEffect(writeOn, 8, { concurrency: "unbounded" }).pipe(
    Effect.provide(layerFile({ folder, sync: false }))
  )
)
