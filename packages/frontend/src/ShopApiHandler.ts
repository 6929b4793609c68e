import type * as Headers from "@effect/platform/Headers"
import * as HttpApp from "@effect/platform/HttpApp"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as RpcServer from "@effect/rpc/RpcServer"
import * as Fields from "@retro/contract/Fields"
import * as ShopApi from "@retro/contract/ShopApi"
import * as Trouble from "@retro/contract/Trouble"
import { UserId } from "@retro/domain/Ids"
import { type Cause, Effect, Either, Exit, Layer, type ParseResult, Schema } from "effect"
import { type Kind, RateLimits, type Who } from "./RateLimits.ts"
import type { Request } from "./Request.ts"
import * as Response from "./Response.ts"
import type { Handler } from "./Router.ts"
import { isOwn } from "./SameSite.ts"
import { Sessions } from "./Session.ts"

/** Says whose call it is, on the way from here to the rpc server: all headers of a call are ours. */
const userHeader = "x-shop-user"

/** The most calls that one body may hold. */
const maxCalls = 20

/** What a client may send: calls, of which we read nothing else. */
const Call = Schema.Struct({
  _tag: Schema.Literal("Request"),
  id: Schema.String.pipe(Schema.pattern(/^\d{1,18}$/)),
  tag: Schema.Literal(...ShopApi.ShopApi.requests.keys()),
  payload: Schema.Unknown
})

type Call = typeof Call.Type

const decodeCall = Schema.decodeUnknownEither(Schema.parseJson(Call), { errors: "all" })

/**
 * Answers `/rpc`, the shop for programs: the calls of one request body, under the session of its cookie, which is given
 * out like on a page.
 */
export const make = Effect.gen(function* () {
  const limits = yield* RateLimits
  const sessions = yield* Sessions
  const app = yield* RpcServer.toHttpApp(ShopApi.Served, { disableTracing: true }).pipe(
    Effect.provide(Layer.merge(ShopApi.handlers({ userOf, report }), RpcSerialization.layerNdjson))
  )
  const respond = HttpApp.toWebHandler(app)

  const answered = Effect.fnUntraced(function* (call: globalThis.Request) {
    const response = yield* Effect.promise(() => respond(call))
    return { status: response.status, body: Buffer.from(yield* Effect.promise(() => response.arrayBuffer())) }
  })

  /** The answers to calls that this session may make as often as it does: an order's card may be declined. */
  const withinLimits = Effect.fnUntraced(function* (who: Who, calls: ReadonlyArray<Call>, call: globalThis.Request) {
    const times = (kind: Kind) => calls.filter(({ tag }) => kindOf[tag] === kind).length
    for (const kind of ["search", "cart", "checkout"] as const)
      if (times(kind) > 0) yield* limits.count(kind, who, times(kind))
    const orders = times("checkout")
    return yield* orders === 0
      ? answered(call)
      : limits.countIf("decline", who, declinesIn(orders), answered(call), orders)
  })

  const answer: Handler = Effect.fnUntraced(
    function* (request) {
      if (!isOwn(request))
        return Response.text(403, "Another site tried to do this in your name. Nothing was changed.\n")
      const session = yield* sessions.of(request)
      const { cookie, userId } = session
      const calls = callsIn(String(yield* request.body))
      if (Either.isLeft(calls)) return Response.text(422, calls.left)
      const call = forwarded(request, userId, calls.right)
      const { body, status } = yield* withinLimits({ request, session }, calls.right, call)
      return Response.withCookies(ndjson(status, body), cookie === undefined ? [] : [cookie])
    },
    Effect.catchTags({
      BodyTooLarge: () => Effect.succeed(Response.text(413, "The body is too large.\n")),
      TooMany: ({ seconds }) =>
        Effect.succeed(
          Response.withHeaders(Response.text(429, "Too many calls in a short time.\n"), {
            "retry-after": String(seconds)
          })
        )
    })
  )
  return answer
})

/** What is counted of the calls that are limited. */
const kindOf: { readonly [tag in Call["tag"]]?: Kind } = {
  searchProducts: "search",
  addItem: "cart",
  setQuantity: "cart",
  emptyCart: "cart",
  placeOrder: "checkout"
}

/** How many cards were declined, for all we know: an answer that never came may have said so. */
const declinesIn =
  (orders: number) =>
  (exit: Exit.Exit<{ readonly body: Buffer }>): number =>
    Exit.isSuccess(exit) ? Math.min(orders, String(exit.value.body).split('"CardDeclined"').length - 1) : orders

/** The calls of a body, or a sentence that names what is wrong and never quotes it. */
const callsIn = (body: string): Either.Either<ReadonlyArray<Call>, string> => {
  const lines = body.split("\n").filter((line) => line.trim() !== "")
  if (lines.length === 0) return Either.left("The body holds no call: one JSON object a line is expected.\n")
  if (lines.length > maxCalls) return Either.left(`The body holds more than ${maxCalls} calls.\n`)
  return Either.all(lines.map((line, index) => Either.mapLeft(decodeCall(line), (error) => unreadable(index, error))))
}

const unreadable = (index: number, error: ParseResult.ParseError): string =>
  `Call ${index + 1} cannot be read: ${Fields.of(error).join(", ")}.\n`

const userOf = (headers: Headers.Headers): UserId => UserId.make(headers[userHeader] ?? "")

const report = (tag: string, cause: Cause.Cause<unknown>) =>
  Effect.logError("a call of the shop for programs broke", { rpc: tag, reason: Trouble.describe(cause) })

const forwarded = ({ headers }: Request, userId: UserId, calls: ReadonlyArray<Call>): globalThis.Request => {
  const trace = typeof headers["traceparent"] === "string" ? { traceparent: headers["traceparent"] } : {}
  return new globalThis.Request("http://shop/rpc", {
    method: "POST",
    headers: { ...trace, "content-type": "application/ndjson", [userHeader]: userId },
    body: calls.map((call) => `${JSON.stringify({ ...call, headers: [] })}\n`).join("")
  })
}

const ndjson = (status: number, body: Buffer): Response.Response =>
  Response.withHeaders({ ...Response.text(status, ""), body }, { "content-type": "application/ndjson" })
