import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"

/** A card that no other test uses; its security code has three digits like much else, so it counts only as a word. */
export const card = { number: "4916338506082832", securityCode: "907" }

/** Somebody who occurs nowhere else. */
export const person = {
  email: "zz.canary.mail@example.org",
  name: "Zzcanary Nameson",
  street: "77 Zzcanary Row"
}

/** Which of these values a text holds, by name: as they are, or in base64 or hexadecimal. */
export const found = (text: string, values: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Object.entries(values).flatMap(([name, value]) => (shapes(value).some((shape) => shape.test(text)) ? [name] : []))

/** What may stand nowhere. */
export const cardValues = { number: card.number, spaced: "4916 3385 0608 2832", securityCode: card.securityCode }

/** What may stand nowhere but in front of its owner. */
export const values = { ...cardValues, ...person }

const shapes = (value: string): ReadonlyArray<RegExp> =>
  value.length < 4
    ? [new RegExp(`(?<![\\w.+/:-])${value}(?![\\w.+/=:-])`)]
    : [value, ...encoded(value)].map((shape) => new RegExp(escaped(shape), "i"))

/** As a part of a longer text in base64, wherever it begins; and in hexadecimal. */
const encoded = (value: string): ReadonlyArray<string> => [
  ...["", "x", "xx"].map((before) =>
    Buffer.from(before + value)
      .toString("base64")
      .slice(before === "" ? 0 : 4, -4)
  ),
  Buffer.from(value).toString("hex")
]

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Every key and value of the Redis on that port, one text each. */
export const inRedis = Effect.fnUntraced(function* (port: number) {
  const client = yield* RedisServer.client(port)
  return yield* Effect.promise(async () => {
    const texts: Array<string> = []
    for (const key of await client.keys("*")) {
      const type = await client.type(key)
      const value = {
        string: () => client.get(key),
        hash: () => client.hgetall(key),
        zset: () => client.zrange(key, "0", "-1", "WITHSCORES"),
        set: () => client.smembers(key),
        list: () => client.lrange(key, 0, -1)
      }[type]
      if (value === undefined) throw new Error(`a key of type ${type}`)
      texts.push(`${key} ${JSON.stringify(await value())}`)
    }
    return texts
  })
})

/** The files under a folder, one text each. */
export const inFiles = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
