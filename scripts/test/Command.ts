import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const commands = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url))

/** What a command left behind. */
export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of the house's packages in a folder and waits, while the test's own process goes on. */
export const run = (folder: string, command: string, ...options: ReadonlyArray<string>): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = spawn(commands + command, options, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
    let [stdout, stderr] = ["", ""]
    child.stdout.on("data", (bytes) => (stdout += String(bytes)))
    child.stderr.on("data", (bytes) => (stderr += String(bytes)))
    child.on("error", reject)
    child.on("close", (status) => resolve({ status, stdout, stderr }))
  })
