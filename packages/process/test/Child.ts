import { Deferred, Effect, FiberId, Queue } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A script of this repository as a process of its own, killed with its group when the test is over. */
export const start = (environment: Record<string, string>, script: string, ...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const { FORCE_COLOR: _, PORT: _port, REDIS_ADDR: _redis, ...inherited } = process.env
      const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
        cwd: root,
        detached: true,
        env: { ...inherited, ...environment }
      })
      const lines = Effect.runSync(Queue.unbounded<string>())
      const errors: Array<string> = []
      const exitCode = Deferred.unsafeMake<number | NodeJS.Signals | null>(FiberId.none)
      createInterface({ input: child.stdout }).on("line", (line) => lines.unsafeOffer(line))
      createInterface({ input: child.stderr }).on("line", (line) => errors.push(line))
      child.once("close", (code, signal) => Deferred.unsafeDone(exitCode, Effect.succeed(code ?? signal)))
      return {
        pid: child.pid ?? 0,
        /** What it wrote on standard error so far. */
        errors,
        /** 0 and up, or the signal that ended it. */
        exitCode: Deferred.await(exitCode),
        /** The next line on standard output that matches, with its groups. */
        line: (pattern: RegExp) =>
          Queue.take(lines).pipe(
            Effect.map((line) => pattern.exec(line)),
            Effect.repeat({ until: (match) => match !== null }),
            Effect.map((match) => ({ text: match?.input ?? "", groups: match?.slice(1) ?? [] }))
          ),
        signal: (signal: NodeJS.Signals) => Effect.sync(() => void child.kill(signal)),
        write: (text: string) => Effect.sync(() => void child.stdin.write(text))
      }
    }),
    ({ pid }) => Effect.ignore(Effect.try(() => process.kill(-pid, "SIGKILL")))
  )

/** Succeeds when no process with this id runs any more; one that nobody has buried yet does not run. */
export const gone = (pid: number): Effect.Effect<void> =>
  Effect.asVoid(Effect.repeat(Effect.delay(isRunning(pid), "20 millis"), { until: (running) => !running }))

/** Whether a process with this id runs. */
export const isRunning = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => {
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
    return stdout.trim() !== "" && !stdout.startsWith("Z")
  })
