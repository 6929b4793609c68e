import { createHash } from "node:crypto"
import type { Request } from "./Request.ts"
import { type Response, withHeaders } from "./Response.ts"

/** The names of what a client has already (RFC 9110, 13.1.2); weak or not does not matter to a GET. */
const held = ({ headers }: Request): ReadonlyArray<string> =>
  headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? []

/** Whether the client has what this entity tag names. */
export const holds = (request: Request, etag: string): boolean => held(request).includes(etag.replace(/^W\//, ""))

/** An answer that is the same for everybody, named by its content: 304 without it for whoever has it. */
export const forClient = (request: Request, response: Response): Response => {
  const etag = `W/"${createHash("sha256").update(response.body).digest("base64url").slice(0, 16)}"`
  const named = withHeaders(response, { etag })
  return response.status === 200 && holds(request, etag) ? { ...named, status: 304, body: "" } : named
}
