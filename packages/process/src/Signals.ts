import { constants } from "node:os"

/** What asks a process to stop: an orchestrator, and a person at the keyboard. */
const usual: ReadonlyArray<NodeJS.Signals> = ["SIGTERM", "SIGINT"]

/**
 * How long a signal may echo, in milliseconds: Ctrl-C under npm arrives twice, from the terminal and from npm. Only what
 * comes later is a second request.
 */
const echo = 500

/** Calls `stop` at the first signal; at a second one the process exits at once, with 128 and the signal's number. */
export const onStop = (stop: () => void, signals = usual): void => {
  let asked: "never" | "once" | "again" = "never"
  for (const signal of signals) {
    process.on(signal, () => {
      if (asked === "again") process.exit(128 + constants.signals[signal])
      if (asked === "once") return
      asked = "once"
      setTimeout(() => (asked = "again"), echo).unref()
      stop()
    })
  }
}
