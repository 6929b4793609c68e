import { describe, it } from "@effect/vitest"
import { assertTrue } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as Certificates from "../../grpc/test/Certificates.ts"
import * as Child from "../../process/test/Child.ts"
import * as RedisServer from "./RedisServer.ts"

describe.skipIf(!RedisServer.installed || !Certificates.installed)("redis over TLS", { timeout: 60_000 }, () => {
  it.scopedLive("is reached by a process that believes its authority, and by no other", () =>
    Effect.gen(function* () {
      const { authority, server, stranger } = yield* Certificates.make
      const port = yield* RedisServer.freePort
      const plain = ["--port", "0", "--save", ""]
      const files = [
        "--tls-cert-file",
        server.certificate,
        "--tls-key-file",
        server.key,
        "--tls-ca-cert-file",
        authority
      ]
      yield* RedisServer.make(...plain, "--tls-port", String(port), "--tls-auth-clients", "no", ...files)
      const cartsWith = (NODE_EXTRA_CA_CERTS: string) =>
        Child.start(
          { PORT: "0", NODE_EXTRA_CA_CERTS, REDIS_ADDR: `rediss://127.0.0.1:${port}` },
          "packages/cartservice/main.ts"
        )
      const [friend, other] = yield* Effect.all([cartsWith(authority), cartsWith(stranger.authority)])
      yield* friend.line(/connected to Redis/)
      const { text } = yield* other.line(/no connection to Redis|connected to Redis/)
      assertTrue(/no connection to Redis: .*certificate/.test(text), text)
    })
  )
})
