import { Config, ConfigError, Either, Redacted } from "effect"

/** One server. */
export interface Host {
  readonly host: string
  readonly port: number
}

/** How to get in; the password and the name of an ACL user are optional. */
export interface Access {
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: Redacted.Redacted | undefined
}

/** One Redis server, a master found through its Sentinels, or a cluster found through some of its nodes. */
export type RedisAddress = Access &
  (
    | { readonly _tag: "Single"; readonly server: Host; readonly database: number }
    | {
        readonly _tag: "Sentinel"
        readonly sentinels: ReadonlyArray<Host>
        readonly master: string
        readonly database: number
      }
    | { readonly _tag: "Cluster"; readonly nodes: ReadonlyArray<Host> }
  )

/**
 * `REDIS_ADDR`, in one of these forms (`s` after `redis` is for TLS; user and password percent-encoded):
 *
 * - `host:port`
 * - `redis[s]://[[user]:password@]host[:port][/database]`
 * - `redis[s]+sentinel://[[user]:password@]host[:port],host[:port]…/master[/database]`
 * - `redis[s]+cluster://[[user]:password@]host[:port],host[:port]…`
 *
 * A refusal does not repeat the value, since it may hold a password.
 */
export const config: Config.Config<RedisAddress> = Config.redacted("REDIS_ADDR").pipe(
  Config.mapOrFail((value) =>
    Either.fromNullable(parse(Redacted.value(value)), () =>
      ConfigError.InvalidData(
        ["REDIS_ADDR"],
        "expected host:port, redis[s]://…, redis[s]+sentinel://…/master or redis[s]+cluster://…"
      )
    )
  )
)

const form =
  /^(?:redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?)?([^@/]+)(?:\/([^/]*))?(?:\/([^/]*))?$/

const parse = (text: string): RedisAddress | undefined => {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, tls, kind, user, secret, list = "", first = "", second = ""] = match
  const hosts = list.split(",").map((host) => parseHost(host, kind === "sentinel" ? 26379 : 6379))
  const access = {
    tls: tls === "s",
    username: user === undefined || user === "" ? undefined : decode(user),
    password: secret === undefined || secret === "" ? undefined : Redacted.make(decode(secret))
  }
  const [server] = hosts
  if (server === undefined || !hosts.every((host) => host !== undefined)) return undefined
  if (kind === "cluster") return first + second === "" ? { _tag: "Cluster", ...access, nodes: hosts } : undefined
  const database = parseDatabase(kind === "sentinel" ? second : first)
  if (database === undefined) return undefined
  if (kind === "sentinel") {
    return first === "" ? undefined : { _tag: "Sentinel", ...access, sentinels: hosts, master: first, database }
  }
  return hosts.length === 1 && second === "" ? { _tag: "Single", ...access, server, database } : undefined
}

const parseHost = (text: string, defaultPort: number): Host | undefined => {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3] ?? defaultPort)
  return host === undefined || port < 1 || port > 65535 ? undefined : { host, port }
}

const parseDatabase = (text: string): number | undefined =>
  text === "" ? 0 : /^\d{1,4}$/.test(text) ? Number(text) : undefined

const decode = (text: string): string =>
  Either.getOrElse(
    Either.try(() => decodeURIComponent(text)),
    () => text
  )
