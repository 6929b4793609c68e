import type { Vitest } from "@effect/vitest"
import { deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Deferred, Effect } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Page } from "playwright-core"
import type { Chromium } from "./Chromium.ts"
import { moved } from "./pages.ts"
import { Address, visit } from "./Visit.ts"

/** What the shop answers, read whole. */
const answerOf = (url: string) =>
  Effect.promise(async () => {
    const answer = await fetch(url)
    const type = answer.headers.get("content-type") ?? ""
    return { status: answer.status, type, bytes: Buffer.from(await answer.arrayBuffer()) }
  })

/** The shop behind a line that stops before the content of each page, until the rest is let through. */
const halting = Effect.fnUntraced(function* (edit: (html: string) => string) {
  const shop = yield* Address
  const rest = yield* Deferred.make<void>()
  const server = createServer((request, response) =>
    Effect.runFork(
      Effect.gen(function* () {
        const { bytes, status, type } = yield* answerOf(`${shop}${request.url}`)
        response.writeHead(status, { "content-type": type })
        if (!type.startsWith("text/html")) return response.end(bytes)
        const [head = "", ...content] = edit(bytes.toString()).split("<main")
        response.write(head)
        yield* Deferred.await(rest)
        return response.end(["", ...content].join("<main"))
      })
    )
  )
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => void server.listen(0, () => resume(Effect.void))),
    () => Effect.sync(() => server.closeAllConnections())
  )
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
  const address = `http://localhost:${(server.address() as AddressInfo).port}`
  return { address, letThrough: () => Effect.runPromise(Deferred.succeed(rest, undefined)) }
})

/** Opens a page whose content is not there yet. */
const begin = async (page: Page, path: string) => {
  await page.goto(path, { waitUntil: "commit" })
  await page.locator("header").first().waitFor({ state: "attached" })
}

/** Succeeds when the browser has shown anything of the page. */
const painted = (page: Page) =>
  page.waitForFunction("performance.getEntriesByType('paint').length > 0", undefined, { polling: 50 })

const expectation = /<link rel="expect"[^>]*>/

/** A page is shown once, however it comes. */
export const halves = (it: Vitest.MethodsNonLive<Chromium | Address, true>) => {
  const paths = ["/", "/cart", "/product/OLJCESPC7Z"]

  it.scoped.each(paths)("%s: nothing is shown of its first half, and nothing moves when the second is there", (path) =>
    Effect.flatMap(
      halting((html) => html),
      ({ address, letThrough }) =>
        visit({}, async (page) => {
          await begin(page, path)
          // As long as half a page without the expectation takes several times over: see below.
          await page.waitForTimeout(500)
          strictEqual(await page.evaluate("performance.getEntriesByType('paint').length"), 0)
          await letThrough()
          await painted(page)
          deepStrictEqual(await moved(page), [])
        }).pipe(Effect.provideService(Address, address))
    )
  )

  it.scoped("a first half that says nothing of what to wait for is shown at once", () =>
    Effect.flatMap(
      halting((html) => html.replace(expectation, "")),
      ({ address, letThrough }) =>
        visit({}, async (page) => {
          await begin(page, "/")
          await painted(page)
          await letThrough()
        }).pipe(Effect.provideService(Address, address))
    )
  )
}
