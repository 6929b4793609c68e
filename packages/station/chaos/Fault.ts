import { Duration, Effect } from "effect"
import type { Dice } from "../simulation/Dice.ts"
import { type Fleet, keyLease, lease, type Replica } from "./Fleet.ts"
import type { Weather } from "./Link.ts"

/** What can be done to the shop. */
export const kinds = ["kill", "pause past a lease", "Redis restart", "partition", "latency"] as const
export type Kind = (typeof kinds)[number]

/** Something that goes wrong for a while, and is right again afterwards. */
export interface Fault {
  readonly kind: Kind
  /** What it is done to: nothing else is done to that meanwhile. */
  readonly target: string
  readonly what: string
  /** Does it and undoes it, which takes as long as it lasts. */
  readonly strike: Effect.Effect<void>
}

/** How often each kind comes, of a hundred. */
const shares: Readonly<Record<Kind, number>> = {
  kill: 26,
  "pause past a lease": 16,
  "Redis restart": 9,
  partition: 29,
  latency: 20
}

/** The next fault, as the dice have it. */
export const next = (fleet: Fleet, dice: Dice): Fault => {
  const kind = weighted(dice)
  switch (kind) {
    case "kill":
      return kill(pickReplica(fleet, dice), dice)
    case "pause past a lease":
      return pause(fleet, dice)
    case "Redis restart":
      return restart(fleet, dice)
    case "partition":
      return onLink(kind, fleet, dice, dice.pick<Weather>("cut", "silent", "silent", "deaf"), dice.between(500, 4000))
    case "latency":
      return onLink(kind, fleet, dice, { slow: dice.between(100, 1200) }, dice.between(1000, 4000))
  }
}

const weighted = (dice: Dice): Kind => {
  let roll = dice.below(100)
  return kinds.find((kind) => (roll -= shares[kind]) < 0) ?? "kill"
}

const kill = (replica: Replica, dice: Dice): Fault => ({
  kind: "kill",
  target: replica.name,
  what: replica.name,
  strike: replica
    .end("SIGKILL")
    .pipe(Effect.zipRight(Effect.sleep(dice.between(0, 1000))), Effect.zipRight(replica.start))
})

/** A checkoutservice past the lease of its orders, or at times a service past the lease of its keys. */
const pause = (fleet: Fleet, dice: Dice): Fault => {
  const tier = dice.pick("checkoutservice", "checkoutservice", "checkoutservice", "checkoutservice", "paymentservice")
  const replica = pickReplica(fleet, dice, tier)
  const least = tier === "checkoutservice" ? lease.millis : keyLease
  const millis = dice.between(least + 300, least + 1500)
  return {
    kind: "pause past a lease",
    target: replica.name,
    what: `${replica.name} for ${Duration.format(millis)}`,
    strike: replica
      .signal("SIGSTOP")
      .pipe(Effect.zipRight(Effect.sleep(millis)), Effect.ensuring(replica.signal("SIGCONT")))
  }
}

const restart = ({ redis }: Fleet, dice: Dice): Fault => ({
  kind: "Redis restart",
  target: "redis",
  what: "SIGKILL, over the same file",
  strike: redis.kill.pipe(Effect.zipRight(Effect.sleep(dice.between(0, 800))), Effect.zipRight(redis.start))
})

/** One wire, or all that lead from one process. */
const onLink = (kind: Kind, fleet: Fleet, dice: Dice, weather: Weather, millis: number): Fault => {
  const from = pickReplica(
    fleet,
    dice,
    dice.pick("checkoutservice", "checkoutservice", "paymentservice", "frontend", undefined),
    true
  )
  const wires = [...from.links]
  const chosen = dice.chance(0.3) ? wires : [wires[dice.below(wires.length)] ?? wires[0]!]
  const to = chosen.length > 1 ? "all it calls" : chosen[0]?.[0]
  const set = (now: Weather) => Effect.sync(() => chosen.forEach(([, link]) => link.set(now)))
  return {
    kind,
    target: `wires of ${from.name}`,
    what: `${from.name} to ${to}: ${typeof weather === "object" ? `${weather.slow} ms` : weather}, for ${Duration.format(millis)}`,
    strike: Effect.zipRight(set(weather), Effect.sleep(millis)).pipe(Effect.ensuring(set("open")))
  }
}

/** One of that tier, or of any; of checkoutservice mostly the one that the website talks to. */
const pickReplica = (fleet: Fleet, dice: Dice, tier?: Replica["tier"], withLinks = false): Replica => {
  const wanted = tier ?? dice.pick(undefined, undefined, "checkoutservice", "paymentservice", "shippingservice")
  const those = fleet.replicas.filter(
    (replica) => (wanted === undefined || replica.tier === wanted) && (!withLinks || replica.links.size > 0)
  )
  const busy = fleet.replicas
    .find(({ tier }) => tier === "frontend")
    ?.links.get("checkoutservice")
    ?.peer()
  const usual = those.find(({ port, tier }) => tier === "checkoutservice" && port === busy)
  const chosen = those[dice.below(those.length)]!
  return chosen.tier === "checkoutservice" && usual !== undefined && dice.chance(0.7) ? usual : chosen
}
