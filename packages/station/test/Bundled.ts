import type { Tier } from "@retro/process/Tiers"
import { Deferred, Effect, FiberId, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { bundle } from "../../../scripts/bundle/Bundle.ts"
import * as ImageFiles from "../../../scripts/bundle/ImageFiles.ts"

/** A service as a process of its own that can be killed and started again on the same port. */
export interface Bundled {
  readonly address: string
  /** Succeeds when it serves. */
  readonly start: Effect.Effect<void>
  /** Sends a signal and goes on at once. */
  readonly signal: (name: NodeJS.Signals) => Effect.Effect<void>
  /** Sends a signal and waits until the process is gone. */
  readonly end: (name: NodeJS.Signals) => Effect.Effect<void>
  /** All that its processes wrote, on both outputs. */
  readonly lines: ReadonlyArray<string>
}

/** Bundles of these tiers, or of other programs in their place, in a folder that goes when the scope closes. */
export const folder = (
  tiers: ReadonlyArray<Tier>,
  programs: Partial<Record<Tier, string>> = {}
): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-bundles-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ).pipe(
    Effect.tap((folder) => Effect.promise(() => bundle(tiers, folder, programs))),
    Effect.tap((folder) => Effect.sync(() => tiers.forEach((tier) => ImageFiles.copyData(tier, join(folder, tier)))))
  )

/** A service of that folder, not started yet; killed when the scope closes. */
export const make = (
  folder: string,
  tier: Tier,
  port: number,
  environment: Readonly<Record<string, string>>
): Effect.Effect<Bundled, never, Scope.Scope> => {
  const lines: Array<string> = []
  const running: { child?: ChildProcess; ended?: Effect.Effect<void> } = {}

  const start = Effect.suspend(() => {
    const [served, ended] = [Deferred.unsafeMake<void>(FiberId.none), Deferred.unsafeMake<void>(FiberId.none)]
    const child = spawn(process.execPath, [join(folder, tier, "dist/main.cjs")], {
      env: { PATH: process.env["PATH"], ...environment, LOG_FORMAT: "json", PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"]
    })
    const heard = (line: string) => {
      lines.push(line)
      if (line.includes('"message":"serving"')) Deferred.unsafeDone(served, Effect.void)
    }
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", heard)
    child.once("close", () => Deferred.unsafeDone(ended, Effect.void))
    Object.assign(running, { child, ended: Deferred.await(ended) })
    const failed = Effect.flatMap(Deferred.await(ended), () => Effect.dieMessage(`${tier} ended: ${lines.at(-1)}`))
    return Effect.raceFirst(Deferred.await(served), failed)
  })
  const signal = (name: NodeJS.Signals) => Effect.sync(() => void running.child?.kill(name))
  const end = (name: NodeJS.Signals) =>
    Effect.zipRight(
      signal(name),
      Effect.suspend(() => running.ended ?? Effect.void)
    )
  return Effect.acquireRelease(Effect.succeed({ address: `127.0.0.1:${port}`, start, signal, end, lines }), () =>
    end("SIGKILL")
  )
}
