import type { Vitest } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Chromium } from "./Chromium.ts"
import { moved } from "./pages.ts"
import { Address, visit } from "./Visit.ts"

/** How long the second half of a document stays away: time enough to paint the first. */
const pauseMillis = 500

/** The shop behind a line that stops in the middle of each page's header. */
const halting = Effect.gen(function* () {
  const shop = yield* Address
  const server = createServer((request, response) => {
    void fetch(`${shop}${request.url}`).then(async ({ body, headers, status }) => {
      const type = headers.get("content-type") ?? ""
      response.writeHead(status, { "content-type": type })
      const bytes = Buffer.from(await new Response(body).arrayBuffer())
      const middle = type.startsWith("text/html") ? bytes.indexOf("Currency</label") : 0
      response.write(bytes.subarray(0, middle))
      setTimeout(() => response.end(bytes.subarray(middle)), middle === 0 ? 0 : pauseMillis)
    })
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => void server.listen(0, () => resume(Effect.void))),
    () => Effect.sync(() => server.closeAllConnections())
  )
  yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
  return `http://localhost:${(server.address() as AddressInfo).port}`
})

/** A page is shown once, however it comes. */
export const halves = (it: Vitest.MethodsNonLive<Chromium | Address, true>) =>
  it.scoped("nothing moves where a document comes in two halves", () =>
    Effect.flatMap(halting, (address) =>
      visit({}, async (page) => {
        for (const path of ["/", "/cart", "/product/OLJCESPC7Z"]) {
          await page.goto(path)
          deepStrictEqual(await moved(page), [])
        }
      }).pipe(Effect.provideService(Address, address))
    )
  )
