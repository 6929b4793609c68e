import * as HealthClient from "@retro/grpc/HealthClient"
import type { Tier } from "@retro/process/Tiers"
import { Deferred, type Duration, Effect, ExecutionStrategy, Exit, Scope } from "effect"
import * as Ports from "../../../scripts/services/Ports.ts"
import * as Bundled from "../test/Bundled.ts"
import * as VirtualAddress from "./VirtualAddress.ts"

/** How a cluster takes a pod away. */
export interface Pace {
  /** From the decision until nobody connects to the pod any more: its address is taken out everywhere. */
  readonly propagation: Duration.DurationInput
  /** From the decision until SIGTERM: the pods' preStop hook. */
  readonly preStop: Duration.DurationInput
}

/** Pods of a tier behind one address, as Kubernetes keeps them. */
export interface Deployment {
  readonly tier: Tier
  /** "127.0.0.1:port", the same whichever pods there are. */
  readonly address: string
  /** Starts so many pods more. They need not be ready: until they are, nobody is led to them. */
  readonly grow: (pods: number) => Effect.Effect<void>
  /** Succeeds when every pod is ready. */
  readonly ready: Effect.Effect<void>
  /** As `kubectl rollout restart`, with the surge of the manifests: a new pod is ready before an old one goes. */
  readonly restart: (pace: Pace) => Effect.Effect<void>
  /** All that its pods wrote, those that are gone too. */
  readonly lines: ReadonlyArray<string>
}

interface Pod {
  readonly process: Bundled.Bundled
  readonly port: number
  readonly ready: Effect.Effect<void>
  /** Kills it, if it still runs. */
  readonly close: Effect.Effect<void>
}

/** A deployment without pods yet; its pods are told their environment when they start. */
export const make = Effect.fnUntraced(function* (
  folder: string,
  tier: Tier,
  environment: () => Readonly<Record<string, string>>
) {
  const address = yield* VirtualAddress.make
  const parent = yield* Effect.scope
  const pods: Array<Pod> = []
  const written: Array<ReadonlyArray<string>> = []

  const start = Effect.gen(function* () {
    const scope = yield* Scope.fork(parent, ExecutionStrategy.sequential)
    const port = yield* Ports.free(0, new Set())
    const process = yield* Scope.extend(Bundled.make(folder, tier, port, environment()), scope)
    written.push(process.lines)
    yield* process.start
    const ready = yield* Deferred.make<void>()
    const waiting = isReady(tier, port).pipe(
      Effect.delay("50 millis"),
      Effect.repeat({ until: (answer) => answer }),
      Effect.andThen(() => address.add(port)),
      Effect.zipRight(Deferred.succeed(ready, undefined))
    )
    yield* Effect.forkIn(waiting, scope)
    const pod: Pod = { process, port, ready: Deferred.await(ready), close: Scope.close(scope, Exit.void) }
    pods.push(pod)
    return pod
  })

  const stop = ({ close, port, process }: Pod, { preStop, propagation }: Pace) =>
    Effect.all(
      [
        Effect.delay(
          Effect.sync(() => address.remove(port)),
          propagation
        ),
        Effect.delay(process.end("SIGTERM"), preStop)
      ],
      { concurrency: 2 }
    ).pipe(Effect.zipRight(close))

  const deployment: Deployment = {
    tier,
    address: `127.0.0.1:${address.port}`,
    grow: (count) => Effect.replicateEffect(start, count, { discard: true }),
    ready: Effect.suspend(() => Effect.forEach(pods, ({ ready }) => ready, { discard: true })),
    restart: (pace) =>
      Effect.suspend(() =>
        Effect.forEach(
          pods.splice(0),
          (old) => Effect.flatMap(start, ({ ready }) => Effect.zipRight(ready, stop(old, pace))),
          { discard: true }
        )
      ),
    get lines() {
      return written.flat()
    }
  }
  return deployment
})

/** As the kubelet asks. */
const isReady = (tier: Tier, port: number): Effect.Effect<boolean> =>
  tier === "frontend"
    ? Effect.promise(() => fetch(`http://127.0.0.1:${port}/_healthz`).then(({ ok }) => ok))
    : HealthClient.isServing(`127.0.0.1:${port}`)
