// Measures the running website as search engines and phones see it: npm run lighthouse
//
// Starts the shop in one process, runs Lighthouse's mobile preset on home, product and cart, RUNS times each (5), and
// prints medians. What the cart holds is what a first visit finds in it: nothing.
import { spawn, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import * as chromeLauncher from "chrome-launcher"
import lighthouse from "lighthouse"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const runs = Number(process.env.RUNS ?? "5")
const pages = { home: "/", product: "/product/1YMWWN1N4O", cart: "/cart" }
const categories = ["performance", "accessibility", "best-practices", "seo"]

const chromium = () => {
  const named = process.env.CHROMIUM
  if (named !== undefined) return named
  const known = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => {
    const { stdout } = spawnSync("which", [name], { encoding: "utf8" })
    return stdout.trim() === "" ? [] : [stdout.trim()]
  })
  if (known[0] === undefined || !existsSync(known[0])) {
    console.error("Lighthouse needs a browser: install chromium (apt-get install chromium), or name one in CHROMIUM.")
    process.exit(1)
  }
  return known[0]
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** The shop at a free port; `close` ends it. */
const open = async () => {
  const port = await freePort()
  const shop = spawn(process.execPath, ["--import", "tsx", "packages/station/main.ts"], {
    cwd: root,
    env: { ...process.env, PORT: String(port), RATES: "snapshot", PUBLIC_URL: `http://localhost:${port}` },
    stdio: "ignore"
  })
  const url = `http://localhost:${port}`
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${url}/_healthz`).catch(() => undefined)
    if (answer?.ok) return { url, close: () => shop.kill("SIGTERM") }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error("the shop did not open within a minute")
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

/** One run: scores, bytes by kind, layout shift, and the audits that lost points. */
const run = async (address, port) => {
  const { lhr } = await lighthouse(address, { port, onlyCategories: categories, logLevel: "silent" })
  const requests = lhr.audits["network-requests"].details.items
  const bytes = (keep) => requests.filter(keep).reduce((sum, { transferSize }) => sum + transferSize, 0)
  return {
    scores: Object.fromEntries(categories.map((name) => [name, Math.round(lhr.categories[name].score * 100)])),
    all: bytes(() => true),
    withoutFonts: bytes(({ resourceType }) => resourceType !== "Font"),
    html: bytes(({ resourceType }) => resourceType === "Document"),
    shift: lhr.audits["cumulative-layout-shift"].numericValue,
    paint: lhr.audits["largest-contentful-paint"].numericValue,
    foreign: requests.filter(({ url }) => new URL(url).origin !== new URL(address).origin).map(({ url }) => url),
    lost: categories
      .slice(1)
      .flatMap((name) =>
        lhr.categories[name].auditRefs
          .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1)
          .map(({ id }) => id)
      )
  }
}

const report = (name, results) => {
  const scores = categories.map((category) => `${category} ${median(results.map((one) => one.scores[category]))}`)
  const of = (key) => median(results.map((one) => one[key]))
  console.log(`${name}: ${scores.join(" · ")}`)
  console.log(
    `  performance of each run ${results.map((one) => one.scores.performance).join(", ")} · ` +
      `LCP ${Math.round(of("paint"))} ms · CLS ${of("shift")}`
  )
  console.log(
    `  transferred ${kilobytes(of("all"))}, without fonts ${kilobytes(of("withoutFonts"))}, HTML ${kilobytes(of("html"))}`
  )
  const lost = new Set(results.flatMap((one) => one.lost))
  const foreign = new Set(results.flatMap((one) => one.foreign))
  if (lost.size > 0) console.log(`  lost points: ${[...lost].join(", ")}`)
  if (foreign.size > 0) console.log(`  third parties: ${[...foreign].join(", ")}`)
}

const chromePath = chromium()
const shop = await open()
try {
  for (const [name, path] of Object.entries(pages)) {
    const results = []
    for (let count = 0; count < runs; count++) {
      // A browser of its own: every run is a first visit.
      const chrome = await chromeLauncher.launch({
        chromePath,
        chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
      })
      try {
        results.push(await run(`${shop.url}${path}`, chrome.port))
      } finally {
        chrome.kill()
      }
    }
    report(name, results)
  }
} finally {
  shop.close()
}
