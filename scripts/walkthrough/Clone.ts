import { spawn } from "node:child_process"
import { ok } from "node:assert/strict"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Markdown from "../docs/Markdown.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** What a command left behind. */
export interface Result {
  readonly status: number | null
  /** Everything it printed. */
  readonly printed: string
}

/** A command that goes on. */
export interface Running {
  /** The first text it prints that matches; fails when it ends without. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Presses Ctrl-C, and waits for the end. */
  readonly stop: () => Promise<Result>
}

/** A clone of the last commit with nothing installed. */
export const make = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "retro-walkthrough-"))
  const { printed, status } = await done(begin(folder, `git clone --quiet ${JSON.stringify(root)} .`))
  ok(status === 0, printed)
  return folder
}

/** Runs a command that this page tells a reader to run, as it stands there. */
export const run = (folder: string, page: string, command: string): Promise<Result> => {
  ok(Markdown.read(page).includes(command), `${page} does not tell: ${command}`)
  return done(begin(folder, command))
}

/** Begins a command and lets it go on. */
export const start = (folder: string, command: string): Running => {
  const begun = begin(folder, command)
  const ended = done(begun)
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(begun.printed())
          if (found !== null) resolve(found)
        }
        begun.child.stdout.on("data", look)
        look()
        void ended.then(({ printed }) => reject(new Error(`${command} ended:\n${printed}`)))
      }),
    stop: () => {
      begun.signal("SIGINT")
      return ended
    }
  }
}

type Begun = ReturnType<typeof begin>

const begin = (folder: string, command: string) => {
  const child = spawn("bash", ["-c", command], {
    cwd: folder,
    env: newcomer,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true
  })
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (printed += String(bytes)))
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name)
  return { child, signal, printed: () => printed }
}

const done = ({ child, printed }: Begun): Promise<Result> =>
  new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (status) => resolve({ status, printed: printed() }))
  })

/** The variables of whoever has just cloned: nothing that npm told this script, and none of this repository's programs. */
const newcomer = Object.fromEntries(
  Object.entries(process.env)
    .filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|PORT$|REDIS_ADDR$|FORCE_COLOR$)/.test(name))
    .map(([name, value]) =>
      name === "PATH"
        ? [
            name,
            value
              ?.split(delimiter)
              .filter((each) => !each.includes("node_modules"))
              .join(delimiter)
          ]
        : [name, value]
    )
)
