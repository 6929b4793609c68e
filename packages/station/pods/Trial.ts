import { Effect } from "effect"
import { tiers, type Tier } from "@retro/process/Tiers"
import { store } from "../src/ServiceGraph.ts"
import * as Pod from "./Pod.ts"

/** Something that happens to a pod under the hands of shoppers, and is over when it succeeds; dies if it cannot be done. */
export interface Trial {
  readonly name: string
  readonly strike: Effect.Effect<void>
}

/** How long nobody hears of a pod that is cut off: longer than a call may take. */
const silence = "6 seconds"

/** The pod of a tier. */
export const podOf = (tier: Tier): Pod.Pod => Pod.make(tier, "server")

const redis = Pod.make(store.name, "redis")

const killed = (pod: Pod.Pod): Trial => ({ name: `${pod.name} is killed`, strike: pod.kill })

const exhausted = (pod: Pod.Pod): Trial => ({ name: `${pod.name} is out of memory`, strike: pod.exhaust })

const cutOff = (pod: Pod.Pod): Trial => ({
  name: `${pod.name} is cut off`,
  strike: Effect.zipRight(pod.cutOff, Effect.ensuring(Effect.sleep(silence), pod.connect))
})

/** As a node does it that is emptied: asked to stop, it ends by itself in time, and well. */
const drained = (pod: Pod.Pod): Trial => ({
  name: `${pod.name} is drained`,
  strike: Effect.gen(function* () {
    const code = yield* pod.stop
    if (code !== 0) return yield* Effect.dieMessage(`${pod.name} ended with ${code} when it was asked to stop`)
    yield* pod.start
  })
})

/** All that is tried, one after the other. */
export const all: ReadonlyArray<Trial> = [
  killed(redis),
  cutOff(redis),
  ...(["checkoutservice", "cartservice", "frontend"] as const).map((tier) => killed(podOf(tier))),
  ...(["checkoutservice", "paymentservice"] as const).map((tier) => cutOff(podOf(tier))),
  ...(["checkoutservice", "paymentservice"] as const).map((tier) => exhausted(podOf(tier))),
  ...(Object.keys(tiers) as ReadonlyArray<Tier>).map((tier) => drained(podOf(tier)))
]
