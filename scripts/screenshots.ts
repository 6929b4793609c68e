// Takes the README's pictures from the running shop into docs/img: npm run screenshots
import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { createServer } from "node:net"
import { chromium, type Page } from "playwright-core"

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium"
const folder = "docs/img"

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const open = async (port: number) => {
  const shop = spawn("npx", ["tsx", "packages/station/main.ts"], {
    env: { ...process.env, PORT: String(port), RATES: "snapshot" },
    stdio: "ignore",
    detached: true
  })
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://localhost:${port}/_healthz`).catch(() => undefined)
    if (answer?.ok) return () => process.kill(-shop.pid!, "SIGTERM")
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error("the shop did not open within a minute")
}

const shoot = async (page: Page, name: string, fullPage = false) => {
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage })
  console.log(`${folder}/${name}.png`)
}

/** Walks through a purchase and takes a picture of each page that the README shows. */
const walk = async (page: Page, shop: string) => {
  await page.goto(shop)
  await shoot(page, "catalog")
  await page.goto(`${shop}/product/1YMWWN1N4O`)
  await shoot(page, "product")
  await page.locator(".connections").screenshot({ path: `${folder}/recommendations.png` })
  console.log(`${folder}/recommendations.png`)
  await page.goto(`${shop}/product/L9ECAV7KIM`)
  await page.locator("main form[action='/cart'] button").click()
  await page.goto(`${shop}/cart?demo=1`)
  await shoot(page, "checkout", true)
  await page
    .locator("form[action='/cart/checkout'] button[type=submit], form[action='/cart/checkout'] button:not([type])")
    .last()
    .click()
  await page.waitForURL("**/order/**")
  await shoot(page, "confirmation")
}

/** A declined card, and where one sees why: what the README and docs/observability.md show. */
const decline = async (page: Page, shop: string) => {
  await page.goto(`${shop}/product/L9ECAV7KIM`)
  await page.locator("main form[action='/cart'] button").click()
  await page.goto(`${shop}/cart?demo=1`)
  await page.fill("#credit_card_number", "4432801561520512")
  await page.locator("form[action='/cart/checkout'] button").last().click()
  await page.getByRole("alert").waitFor()
  await shoot(page, "declined")
  await page.goto(`${shop}/dev/traces`)
  await shoot(page, "traces")
  await page.goto(`${shop}/dev/traces?only=errors&q=checkout`)
  await page.locator("main .rows a").first().click()
  await page.waitForURL("**/dev/traces/*")
  await page.locator(".waterfall li.bad", { hasText: "paymentservice" }).locator("summary").last().click()
  await shoot(page, "trace", true)
}

mkdirSync(folder, { recursive: true })
const port = await freePort()
const close = await open(port)
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] })
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 860 },
    colorScheme: "dark",
    reducedMotion: "reduce"
  })
  await walk(page, `http://localhost:${port}`)
  await decline(page, `http://localhost:${port}`)
} finally {
  await browser.close()
  close()
}
