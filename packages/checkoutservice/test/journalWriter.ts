// Writes journals in the folder it is told, and says what was answered, until it is killed.
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { JournalStore } from "../src/JournalStore.ts"
import { layerFile } from "../src/JournalStoreFile.ts"

const [, , folder = ""] = process.argv

const say = (line: string) =>
  Effect.async<void>((resume) => void process.stdout.write(`${line}\n`, () => resume(Effect.void)))

const writeOn = Effect.gen(function* () {
  const store = yield* JournalStore
  const id = randomUUID()
  const claim = yield* store.claim({ id, program: "Sum@1", group: "mine", fingerprint: "", input: "" })
  if (claim._tag !== "Mine") return
  for (let step = 0; step < 20; step++) {
    yield* store.write(id, claim.owner, [[`${step}`, `${id} wrote ${step}`]])
    yield* say(`${id} ${step}`)
  }
  yield* store.finish(id, claim.owner, [])
}).pipe(Effect.forever)

Effect.runFork(
  Effect.replicateEffect(writeOn, 8, { concurrency: "unbounded" }).pipe(
    Effect.provide(layerFile({ folder, sync: false }))
  )
)
