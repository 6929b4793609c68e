import { isIP } from "node:net"
import { Config, Context, Effect, Layer } from "effect"
import type { Request } from "./Request.ts"

/** What proxies in front of this site say of a request: believed only where there are any, for anybody can say it. */
export class Proxies extends Context.Tag("@retro/frontend/Proxies")<
  Proxies,
  {
    /** Whether the browser's connection is encrypted. */
    readonly isSecure: (request: Request) => boolean
    /**
     * The network that the client is in: its IPv4 address, or the first 64 bits of its IPv6 address, which one customer
     * has. Undefined for this machine: that is a proxy nobody told us of, or a developer, and stands for everybody.
     */
    readonly networkOf: (request: Request) => string | undefined
  }
>() {
  /**
   * `TRUST_PROXY`, how many proxies in front add to `X-Forwarded-For` and set `X-Forwarded-Proto` (`true` for one; none
   * without it); `COOKIE_SECURE` when TLS is always in front.
   */
  static readonly layerConfig = Layer.effect(
    Proxies,
    Effect.gen(function* () {
      const always = yield* Config.boolean("COOKIE_SECURE").pipe(Config.withDefault(false))
      const count = yield* proxies
      return {
        isSecure: ({ headers }) => always || (count > 0 && headers["x-forwarded-proto"] === "https"),
        networkOf: ({ headers, peer }) => {
          const said = String(headers["x-forwarded-for"] ?? "").split(",")
          const client = count > 0 ? (said.at(-count) ?? said[0] ?? "").trim() : peer
          return network(isIP(client) === 0 ? peer : client)
        }
      }
    })
  )
}

const proxies = Config.string("TRUST_PROXY").pipe(
  Config.withDefault("false"),
  Config.validate({
    message: "true, false, or the number of proxies in front, up to 9",
    validation: (text) => /^(true|false|\d)$/.test(text)
  }),
  Config.map((text) => (text === "true" ? 1 : text === "false" ? 0 : Number(text)))
)

const network = (address: string): string | undefined => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "")
  if (isIP(plain) === 4) return plain.startsWith("127.") ? undefined : plain
  if (isIP(plain) !== 6 || plain === "::1") return undefined
  const [before = "", after] = plain.toLowerCase().replace(/%.*/, "").split("::")
  const [head, tail] = [before, after ?? ""].map((part) => part.split(":").filter((group) => group !== ""))
  const zeros = after === undefined ? 0 : 8 - (head?.length ?? 0) - (tail?.length ?? 0)
  const groups = [...(head ?? []), ...Array<string>(Math.max(0, zeros)).fill("0"), ...(tail ?? [])]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")
}
