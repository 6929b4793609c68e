import { randomBytes } from "node:crypto"
import type * as Headers from "@effect/platform/Headers"
import * as HttpApp from "@effect/platform/HttpApp"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as RpcServer from "@effect/rpc/RpcServer"
import * as ShopApi from "@retro/contract/ShopApi"
import { UserId } from "@retro/domain/Ids"
import { type Cause, Effect, Layer } from "effect"
import type { Request } from "./Request.ts"
import * as Response from "./Response.ts"
import type { Handler } from "./Router.ts"
import { isOwn } from "./SameSite.ts"
import { Sessions } from "./Session.ts"
import * as Trouble from "./Trouble.ts"

/**
 * Says whose call it is, on the way from here to the rpc server. Messages may bring headers of their own, which win over
 * those of their request: so the name is a secret of this process.
 */
const userHeader = `x-shop-user-${randomBytes(16).toString("hex")}`

/**
 * Answers `/rpc`, the shop for programs: the calls of one request body, under the session of its cookie, which is given
 * out like on a page.
 */
export const make = Effect.gen(function* () {
  const sessions = yield* Sessions
  const app = yield* RpcServer.toHttpApp(ShopApi.Served, { disableTracing: true }).pipe(
    Effect.provide(Layer.merge(ShopApi.handlers({ userOf, report }), RpcSerialization.layerNdjson))
  )
  const respond = HttpApp.toWebHandler(app)

  const answer: Handler = Effect.fnUntraced(
    function* (request) {
      if (!isOwn(request))
        return Response.text(403, "Another site tried to do this in your name. Nothing was changed.\n")
      const { cookie, userId } = yield* sessions.of(request)
      const call = forwarded(request, userId, yield* request.body)
      const response = yield* Effect.promise(() => respond(call))
      const body = Buffer.from(yield* Effect.promise(() => response.arrayBuffer()))
      return Response.withCookies(ndjson(response.status, body), cookie === undefined ? [] : [cookie])
    },
    Effect.catchTag("BodyTooLarge", () => Effect.succeed(Response.text(413, "The body is too large.\n")))
  )
  return answer
})

const userOf = (headers: Headers.Headers): UserId => UserId.make(headers[userHeader] ?? "")

const report = (tag: string, cause: Cause.Cause<unknown>) =>
  Effect.logError("a call of the shop for programs broke", { rpc: tag, reason: Trouble.describe(cause) })

const forwarded = ({ headers }: Request, userId: UserId, body: Buffer): globalThis.Request => {
  const trace = typeof headers["traceparent"] === "string" ? { traceparent: headers["traceparent"] } : {}
  return new globalThis.Request("http://shop/rpc", {
    method: "POST",
    headers: { ...trace, "content-type": "application/ndjson", [userHeader]: userId },
    body
  })
}

const ndjson = (status: number, body: Buffer): Response.Response =>
  Response.withHeaders({ ...Response.text(status, ""), body }, { "content-type": "application/ndjson" })
