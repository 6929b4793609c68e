import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL
} from "@opentelemetry/semantic-conventions"
import { Effect } from "effect"
import * as Spans from "./Spans.ts"

/**
 * The span of a request to somebody else's HTTP server. It says where the request went, and no secret that the address
 * holds. Source: semantic conventions for HTTP clients.
 */
export const around = (method: string, url: URL) =>
  Spans.around(() => ({
    name: method,
    kind: "client",
    attributes: [
      [ATTR_HTTP_REQUEST_METHOD, method],
      [ATTR_SERVER_ADDRESS, url.hostname],
      [ATTR_SERVER_PORT, Number(url.port) || (url.protocol === "https:" ? 443 : 80)],
      [ATTR_URL_FULL, withoutSecrets(url)]
    ]
  }))

/** Says in the current span what the server answered. */
export const answered = (status: number): Effect.Effect<void> =>
  Effect.annotateCurrentSpan(ATTR_HTTP_RESPONSE_STATUS_CODE, status)

/** The address with a word in place of a user, a password and every value of its query; without a fragment. */
export const withoutSecrets = ({ href }: URL): string => {
  const url = new URL(href)
  if (url.username !== "") url.username = redacted
  if (url.password !== "") url.password = redacted
  if (url.search !== "") url.search = url.search.slice(1).split("&").map(withoutValue).join("&")
  url.hash = ""
  return url.href
}

const redacted = "REDACTED"

/** What stands alone in a query is a value, not the name of one. */
const withoutValue = (parameter: string) => {
  const [name, value] = parameter.split("=", 2)
  return value === undefined ? redacted : `${name}=${redacted}`
}
