// Installs the packages that package-lock.json names, unless they are there. `npm start` and `npm test` run it first.
// Node's own modules only: it runs before anything is installed.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const oldest = [20, 19]

/** What a lock file says of each folder in node_modules, or undefined where it cannot be read. */
const lockedIn = (file) => {
  try {
    return JSON.parse(readFileSync(`${root}${file}`, "utf8")).packages
  } catch {
    return undefined
  }
}

/**
 * npm writes node_modules/.package-lock.json as the last step of an installation, so one that was interrupted has none.
 * Packages for other platforms are optional and not installed.
 */
const isInstalled = (wanted, installed) =>
  installed !== undefined &&
  Object.entries(wanted).every(([path, { integrity, optional, version }]) => {
    const found = installed[path]
    if (path === "" || path.startsWith("packages/")) return true
    return found === undefined ? optional === true : found.version === version && found.integrity === integrity
  })

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Retro Station needs Node ${oldest.join(".")} or newer; this is ${process.versions.node}. See https://nodejs.org`
  )
  process.exit(1)
}

const wanted = lockedIn("package-lock.json")
if (wanted === undefined) {
  console.error("package-lock.json is missing or cannot be read: get it back with `git checkout package-lock.json`")
  process.exit(1)
}

if (!isInstalled(wanted, lockedIn("node_modules/.package-lock.json"))) {
  console.error("Installing the packages that package-lock.json names (npm ci): a minute or so, this once.")
  const begun = Date.now()
  const npm = process.env["npm_execpath"]
  const [command, ...first] = npm === undefined ? ["npm"] : [process.execPath, npm]
  const { error, status } = spawnSync(command, [...first, "ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit"
  })
  if (status !== 0) {
    console.error(
      `npm ci failed${error === undefined ? "" : ` (${error.message})`}. Nothing was started; run it again once what it names is mended.`
    )
    process.exit(status ?? 1)
  }
  console.error(`Installed in ${Math.round((Date.now() - begun) / 1000)} s.`)
}
