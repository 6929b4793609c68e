import { Effect, Either } from "effect"
import * as FindMyWay from "find-my-way-ts"
import type { App } from "./HttpServer.ts"
import * as HttpSpan from "./HttpSpan.ts"
import * as Refused from "./Refused.ts"
import type { Request } from "./Request.ts"
import type { Response } from "./Response.ts"

/** Answers a request for a path; its parameters are decoded. */
export type Handler = (
  request: Request,
  params: Readonly<Record<string, string | undefined>>
) => Effect.Effect<Response>

/** What is at a path: an answer to GET, to POST, or to both. HEAD is GET without the body. */
export interface Route {
  readonly path: `/${string}`
  readonly get?: Handler
  readonly post?: Handler
  /** Asked for often, and of no interest to whoever looks at traces: files, health. */
  readonly unobserved?: true
}

/** The longest address that is looked at. */
const maxAddress = 4096

/** Sends each request to its handler, and what has none to the page that says why. */
export const make = (routes: ReadonlyArray<Route>, refuse: (refused: Refused.Refused) => Handler): App => {
  const router = FindMyWay.make<Route>({ ignoreTrailingSlash: true, maxParamLength: 200 })
  for (const route of routes) router.on("GET", route.path, route)
  const notFound = refuse(Refused.notFound())
  const tooLong = refuse(
    new Refused.Refused({
      status: 414,
      heading: "That address is too long",
      sentence: `Addresses of this site have at most ${maxAddress} characters.`
    })
  )
  const unreadable = refuse(Refused.unreadable("address"))
  return (request) => {
    const observed = HttpSpan.around(request, undefined)
    if (request.path.length + request.query.length > maxAddress)
      return observed(tooLong({ ...request, path: "/", query: "" }, {}))
    if (!isReadable(request.path)) return observed(unreadable({ ...request, path: "/" }, {}))
    const found = router.find("GET", request.path)
    if (found === undefined) return observed(notFound(request, {}))
    const route = found.handler
    const handler = handlerFor(route, request.method) ?? refuse(notAllowed(route))
    const answer = handler(request, found.params)
    return route.unobserved === true ? answer : HttpSpan.around(request, route.path)(answer)
  }
}

const handlerFor = (route: Route, method: string): Handler | undefined =>
  method === "GET" || method === "HEAD" ? route.get : method === "POST" ? route.post : undefined

const notAllowed = (route: Route): Refused.Refused =>
  new Refused.Refused({
    status: 405,
    heading: "Not like that",
    sentence: "This address exists, but not for what you want to do with it.",
    headers: { allow: [...(route.get ? ["GET", "HEAD"] : []), ...(route.post ? ["POST"] : [])].join(", ") }
  })

const isReadable = (path: string): boolean =>
  path.startsWith("/") && Either.isRight(Either.try(() => decodeURIComponent(path)))
