import { gzipSync } from "node:zlib"
import { accepts } from "./Encoding.ts"
import type { Request } from "./Request.ts"
import { type Response, withHeaders } from "./Response.ts"

/** What is smaller fits into one packet anyway. */
const leastBytes = 1_400

/**
 * The answer as this client reads it soonest: pages gzipped, everything else as it stands. At level 1 a page of 24 kB
 * takes 30 µs and is a tenth larger than at the default level, which takes four times as long.
 */
export const forClient = (request: Request, response: Response): Response => {
  const { body, headers, status } = response
  if (typeof body !== "string" || body.length < leastBytes || headers["content-encoding"] !== undefined) return response
  if (!/^(text\/html|application\/xml)\b/.test(String(headers["content-type"]))) return response
  const vary = "accept-encoding"
  return accepts(request.headers["accept-encoding"], "gzip")
    ? withHeaders({ status, headers, body: gzipSync(body, { level: 1 }) }, { vary, "content-encoding": "gzip" })
    : withHeaders(response, { vary })
}
