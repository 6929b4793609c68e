import { spawn } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Reads on each line the groups of processes that may live; when there is no more to read, kills those of the last line. */
const script = `
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
rm -rf "$0"
`

/** A folder for what this run writes. It goes when this process does. */
export const folder = mkdtempSync(join(tmpdir(), "retro-station-"))

/** A shell that outlives this process, however that ends, to leave nothing behind. */
const guard = spawn("/bin/sh", ["-c", script, folder], {
  detached: true,
  env: { PATH: "/usr/bin:/bin" },
  stdio: ["pipe", "ignore", "ignore"]
})
guard.unref()
// Somebody who kills the guard is left alone with what it would have done.
guard.stdin.on("error", () => undefined)

const groups = new Set<number>()
const tell = () => guard.stdin.write(`${[...groups].join(" ")}\n`)

/** A group of processes that must not live longer than this one. */
export const watch = (group: number): void => {
  groups.add(group)
  tell()
}

/** A group that is no more. */
export const forget = (group: number): void => {
  groups.delete(group)
  tell()
}
