// Takes a lock in the folder it is told, says what came of it, and holds it.
import { Effect } from "effect"
import * as FolderLock from "../src/FolderLock.ts"

const [, , folder = ""] = process.argv

const hold = FolderLock.acquire(folder, "it").pipe(
  Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "held" }),
  Effect.tap((outcome) => Effect.sync(() => console.log(outcome))),
  Effect.zipRight(Effect.never),
  Effect.scoped
)
// An open server alone does not keep a process alive: the lock asks for none.
setInterval(() => {}, 60_000)
Effect.runFork(hold)
