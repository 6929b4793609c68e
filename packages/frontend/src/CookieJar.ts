import { Context, Effect, Layer } from "effect"
import { Proxies } from "./Proxies.ts"
import type { Request } from "./Request.ts"

/** Cookies live 30 days from the last time they were set, in seconds. */
export const maxAge = 30 * 24 * 60 * 60

/**
 * Reads and writes this site's cookies: for the whole site, out of reach of scripts, not sent along from other sites.
 * Behind TLS they are `Secure` and carry the `__Host-` prefix (RFC 6265bis, 4.1.3.2), so that no neighbour can set them.
 */
export class CookieJar extends Context.Tag("@retro/frontend/CookieJar")<
  CookieJar,
  {
    /** What the request carries under this name, if anything. */
    readonly read: (request: Request, name: string) => string | undefined
    /** The `set-cookie` header that stores a value of cookie characters. */
    readonly write: (request: Request, name: string, value: string) => string
    /** The `set-cookie` header that forgets it. */
    readonly forget: (request: Request, name: string) => string
  }
>() {
  static readonly layer = Layer.effect(
    CookieJar,
    Effect.map(Proxies, ({ isSecure }) => {
      const nameFor = (request: Request, name: string) => (isSecure(request) ? `__Host-${name}` : name)
      const header = (request: Request, name: string, value: string, age: number) =>
        `${nameFor(request, name)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${isSecure(request) ? "; Secure" : ""}`
      return {
        read: (request, name) => find(request.headers.cookie ?? "", nameFor(request, name)),
        write: (request, name, value) => header(request, name, value, maxAge),
        forget: (request, name) => header(request, name, "", 0)
      }
    })
  )
}

/** The first cookie of that name. */
const find = (header: string, name: string): string | undefined => {
  if (!header.includes(name)) return undefined
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=")
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}
