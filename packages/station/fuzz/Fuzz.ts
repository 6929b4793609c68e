import { Effect, FastCheck as fc, type Scope } from "effect"
import { increment } from "../simulation/Trace.ts"
import * as Browser from "../purchase/Shopper.ts"
import * as GrpcCases from "./GrpcCases.ts"
import * as Heads from "./Heads.ts"
import * as HttpCases from "./HttpCases.ts"
import * as Send from "./Send.ts"
import * as Target from "./Target.ts"

/** How many cases, chosen how. */
export interface Settings {
  readonly cases: number
  readonly seed: number
  readonly say: (text: string) => void
}

/** What came of it. */
export interface Result {
  /** What must not be, in words. */
  readonly broken: ReadonlyArray<string>
  /** How often each answer came: "HTTP 404", "gRPC 3". */
  readonly answers: ReadonlyMap<string, number>
  /** The longest that the event loop computed for one case, and was late at all, in milliseconds. */
  readonly busy: number
  readonly late: number
  /** The heap after a third of the cases and at the end, in bytes. */
  readonly heap: readonly [number, number]
}

interface Kind<C> {
  readonly name: string
  readonly arbitrary: fc.Arbitrary<C>
  readonly send: (one: C) => Effect.Effect<Send.Answer>
  readonly isWrong: (one: C, answer: Send.Answer) => boolean
}

/** No single request may hold up all others for longer, in milliseconds. */
const maxStall = 100

/** How many cases go between two looks at the shop. */
const chunk = 250

/** What the heap may grow from a third of the cases to the end: it holds the carts and orders that were made meanwhile. */
const maxGrowth = (cases: number) => 16e6 + cases * 2000

/** Shoots cases at every route and every rpc, and looks what that does to the shop. */
export const run = ({ cases, say, seed }: Settings): Effect.Effect<Result, never, Scope.Scope> =>
  Effect.gen(function* () {
    const target = yield* Target.start
    const [http, grpc] = yield* Effect.all([Send.http(target.http), Send.grpc(target.grpc)])
    const forms = yield* formsOf(target.http)
    say(`${HttpCases.routes.length} routes, ${GrpcCases.count} rpcs`)
    const broken: Array<string> = []
    const answers = new Map<string, number>()
    const heaps: Array<number> = []
    let [worst, latest] = [0, 0]

    const look = Effect.tap(target.measure, ({ errors, heap, late }) =>
      Effect.sync(() => {
        broken.push(...errors.map((error) => `logged: ${error.slice(0, 300)}`))
        heaps.push(heap)
        latest = Math.max(latest, late)
      })
    )

    /** Shoots a number of cases of a kind, and looks. */
    const volleys =
      <C>({ arbitrary, isWrong, name, send }: Kind<C>) =>
      (number: number, size: number) =>
        Effect.gen(function* () {
          const ones = fc.sample(arbitrary, { numRuns: size, seed: seed * 100_003 + number })
          const shoot = (one: C) =>
            Effect.map(send(one), (answer) => {
              increment(answers, `${name} ${answer}`, 1)
              if (isWrong(one, answer)) broken.push(`${answer} for ${shown(one)}`)
            })
          yield* Effect.forEach(ones, shoot, { concurrency: 16, discard: true })
          const { busy } = yield* look
          if (busy <= maxStall) return void (worst = Math.max(worst, busy))
          // Many at once, or one that is too slow?
          for (const one of ones) {
            const again = Effect.zipRight(send(one), target.glance)
            let alone = yield* again
            // What it costs is the least that it takes: garbage of others is collected at times.
            for (let tries = 2; tries > 0 && alone > maxStall; tries--) alone = Math.min(alone, yield* again)
            worst = Math.max(worst, alone)
            if (alone > maxStall) broken.push(`${Math.round(alone)} ms of computing for ${shown(one)}`)
          }
        })
    const kinds = [
      volleys({ name: "HTTP", arbitrary: HttpCases.arbitrary(forms), send: http, isWrong: isWrongHttp }),
      volleys({ name: "gRPC", arbitrary: GrpcCases.arbitrary, send: grpc, isWrong: isWrongGrpc })
    ] as const

    // Whatever compiles or fills a cache does so now.
    for (const volley of kinds) yield* volley(-1, 150)
    worst = 0
    for (let done = 0, number = 0; done < cases; done += chunk, number++) {
      const size = Math.min(chunk, cases - done)
      yield* (number % 2 === 0 ? kinds[0] : kinds[1])(number, size)
      if (number % 8 === 7) say(`${done + size} cases, ${broken.length} findings`)
    }
    for (const head of Heads.all) {
      const answer = yield* Send.raw(target.http, head)
      increment(answers, `raw ${answer}`, 1)
      if (answer === "silence" || (Number(answer) >= 500 && answer !== 505))
        broken.push(`${answer} for the head ${String(head).slice(0, 60)}`)
    }
    const probe: GrpcCases.GrpcCase = {
      path: "/grpc.health.v1.Health/Check",
      headers: {},
      isFrame: true,
      body: Buffer.alloc(5)
    }
    yield* Send.abuse(target.grpc, Math.min(20_000, cases))
    if (!(yield* Send.isUp(grpc(probe), 0))) broken.push("gRPC does not answer any more after rapid resets")
    if (!(yield* Send.isUp(http({ method: "GET", path: "/", headers: {}, body: undefined }), 200)))
      broken.push("the website does not answer any more")
    yield* look
    const heap = [heaps[Math.floor(heaps.length / 3)] ?? 0, heaps.at(-1) ?? 0] as const
    if (heap[1] - heap[0] > maxGrowth(cases))
      broken.push(`the heap grew by ${Math.round((heap[1] - heap[0]) / 1e6)} MB`)
    const end = target.ended()
    return { broken: end === undefined ? broken : [...broken, end], answers, busy: worst, late: latest, heap }
  })

const isWrongHttp = ({ body }: HttpCases.HttpCase, answer: Send.Answer): boolean =>
  answer === "silence" || (answer === "reset" && (body?.length ?? 0) <= 64 * 1024) || Number(answer) >= 500

/** INTERNAL, UNKNOWN and DATA_LOSS are ours; gRPC itself says INTERNAL to a frame or a time-out that is none. */
const isWrongGrpc = ({ headers, isFrame }: GrpcCases.GrpcCase, answer: Send.Answer): boolean =>
  answer === "silence" ||
  (isFrame && /^\d{1,8}[HMSmun]$/.test(headers["grpc-timeout"] ?? "1S") && [2, 13, 15].includes(Number(answer)))

const shown = (one: unknown) =>
  JSON.stringify(one, (_key, value) =>
    value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1").slice(0, 300) : value
  ).slice(0, 700)

/** Every form that the pages show to a shopper with a game in the cart, with the values they come with. */
const formsOf = Effect.fnUntraced(function* (port: number) {
  const shopper = Browser.make(port)
  yield* shopper.get("/")
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  const forms: Record<string, Record<string, string>> = {}
  for (const path of ["/", "/product/OLJCESPC7Z", "/search", "/cart?demo=1", "/logout", "/dev/faults"]) {
    const { html } = yield* shopper.get(path)
    for (const [, action = "", fields = ""] of html.matchAll(/<form[^>]*action="([^"?]+)[^>]*>([\s\S]*?)<\/form>/g)) {
      forms[action] ??= {}
      for (const [tag] of fields.matchAll(/<(?:input|select|button)[^>]*name="[^"]+"[^>]*>/g)) {
        const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
        forms[action][attribute("name") ?? ""] = attribute("value") ?? "1"
      }
    }
  }
  return forms
})
