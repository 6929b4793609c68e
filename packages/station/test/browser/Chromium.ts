import { Context, Effect, Layer } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

/** The browser that `CHROMIUM` names, or the system's. */
const executablePath =
  process.env["CHROMIUM"] ??
  ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim())
    .find((path) => path !== "")

/** Whether there is one; says how to get it where there is not. */
export const installed = executablePath !== undefined && existsSync(executablePath)
if (!installed)
  console.warn("The browser tests are skipped: install chromium (apt-get install chromium), or name one in CHROMIUM.")

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

/** One browser for all tests; each opens contexts of its own in it. */
export class Chromium extends Context.Tag("@retro/station/test/Chromium")<Chromium, Browser>() {
  static readonly layer = Layer.scoped(
    Chromium,
    Effect.acquireRelease(
      Effect.promise(() => chromium.launch({ executablePath: executablePath ?? "", args: flags })),
      (browser) => Effect.promise(() => browser.close())
    )
  )
}
