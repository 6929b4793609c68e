import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { FastCheck } from "effect"
import * as Admission from "../src/Admission.ts"

/** An event loop whose time a test spends, and a server on it whose pages take that long to make. */
const server = (
  options: { readonly most?: number; readonly pageMillis?: number; readonly isAskedAhead?: boolean } = {}
) => {
  const { isAskedAhead = false, most = 1000, pageMillis = 2 } = options
  let time = 0
  let inProgress = 0
  let atEnd: Array<() => void> = []
  const begun: Array<string> = []
  const busy: Array<string> = []
  const refused: Array<string> = []
  const admission = Admission.make(most, () => inProgress, {
    now: () => time,
    atTurnsEnd: (callback) => void atEnd.push(callback)
  })
  const read = (rank: Admission.Rank, name: string = rank) => {
    time += 0.01
    if (isAskedAhead && admission.refuses(rank)) return void refused.push(name)
    admission.admit(rank, {
      begin: (isBusy) => {
        time += pageMillis
        begun.push(name)
        if (isBusy) busy.push(name)
      },
      refuse: () => refused.push(name)
    })
  }
  /** One turn of the loop: the sockets brought these. */
  const turn = (...ranks: ReadonlyArray<Admission.Rank>) => {
    ranks.forEach((rank) => read(rank))
    time += 0.01
    const callbacks = atEnd
    atEnd = []
    callbacks.forEach((callback) => callback())
  }
  return {
    begun,
    busy,
    refused,
    read,
    turn,
    now: () => time,
    idle: (millis: number) => {
      turn()
      turn()
      time += millis
    },
    hold: (requests: number) => {
      inProgress = requests
    }
  }
}

const lasts = (count: number): ReadonlyArray<Admission.Rank> => Array.from({ length: count }, () => "last")

/** Turns of the loop, each with what the sockets brought. */
const crowds = FastCheck.array(
  FastCheck.array(FastCheck.constantFrom<Admission.Rank>("always", "first", "last"), { maxLength: 150, size: "max" })
)

/** Two turns that were crowded and late: 100 requests of 2 ms each. */
const pressed = () => {
  const it = server()
  it.turn(...lasts(100))
  it.turn(...lasts(100))
  for (let n = 0; n < 4; n++) it.turn()
  it.begun.length = it.busy.length = it.refused.length = 0
  return it
}

describe("admission", () => {
  it("begins everything as it comes while the loop keeps up, and one burst whatever its size", () => {
    const { begun, idle, refused, turn } = server()
    turn(...lasts(500))
    for (let n = 0; n < 100; n++) turn(...lasts(20))
    idle(1000)
    turn(...lasts(500))
    deepStrictEqual([begun.length, refused.length], [3000, 0])
  })

  it("is not alarmed by a process that got no time: late turns with few requests", () => {
    const { refused, turn } = server({ pageMillis: 400 })
    for (let n = 0; n < 100; n++) turn(...lasts(16))
    strictEqual(refused.length, 0)
  })

  it("refuses what a second crowded turn would make wait", () => {
    const { begun, refused, turn } = server()
    turn(...lasts(100))
    turn(...lasts(100))
    assertTrue(begun.length < 135)
    assertTrue(refused.length > 65)
  })

  it("serves what it can and refuses at once what it cannot: at four times of it, 80 % and more", () => {
    const { begun, now, refused, turn } = pressed()
    const from = now()
    for (let arrived = 0; now() < from + 10_000;) {
      const due = Math.floor((now() - from) * 2) - arrived
      arrived += due
      turn(...lasts(due))
    }
    assertTrue(begun.length / 10 > 0.8 * 500)
    assertTrue(refused.length / 10 > 1000)
  })

  it("begins first what goes on with an order, refuses none of it, and answers probes at once", () => {
    const { begun, read, refused, turn } = pressed()
    for (let n = 0; n < 4; n++) read("last")
    for (let n = 0; n < 3; n++) read("first")
    read("always")
    deepStrictEqual(begun, ["always"])
    for (let n = 0; n < 20; n++) turn()
    deepStrictEqual(begun, ["always", "first", "first", "first", "last", "last", "last", "last"])
    deepStrictEqual(refused, [])
  })

  it("takes everything again half a second after the last refusal", () => {
    const { idle, refused, turn } = pressed()
    turn(...lasts(100))
    idle(501)
    refused.length = 0
    turn(...lasts(100))
    strictEqual(refused.length, 0)
  })

  it("bounds what is in progress: so many requests, and as many again that go on with an order", () => {
    const { begun, hold, read, refused } = server({ most: 10 })
    hold(10)
    read("last")
    read("first")
    hold(20)
    read("first", "second first")
    read("always")
    deepStrictEqual(
      [begun, refused],
      [
        ["first", "always"],
        ["last", "second first"]
      ]
    )
  })

  it("tells what it begins while others are refused, and nothing else, that it is busy", () => {
    const { busy, idle, turn } = pressed()
    deepStrictEqual(busy, [])
    turn(...lasts(10), "first", "always")
    for (let n = 0; n < 20; n++) turn()
    deepStrictEqual(busy, ["first", "last", "last", "last", "last"])
    idle(501)
    turn(...lasts(10))
    strictEqual(busy.length, 5)
  })

  it("refuses the same where it is asked ahead", () =>
    FastCheck.assert(
      FastCheck.property(crowds, (turns) => {
        const [ahead, usual] = [true, false].map((isAskedAhead) => {
          const { begun, refused, turn } = server({ isAskedAhead, most: 5000 })
          turns.forEach((ranks) => turn(...ranks))
          return [begun, refused]
        })
        deepStrictEqual(ahead, usual)
      })
    ))

  it("begins or refuses each request once, whatever comes", () =>
    FastCheck.assert(
      FastCheck.property(crowds, (turns) => {
        const { begun, refused, turn } = server()
        turns.forEach((ranks) => turn(...ranks))
        for (let n = 0; n < 1000; n++) turn()
        strictEqual(begun.length + refused.length, turns.flat().length)
      })
    ))
})
