import { Either } from "effect"

/** Names and all the values that each was sent with, in order. */
export type Fields = ReadonlyMap<string, ReadonlyArray<string>>

/** The most values that are read: no form or address of this site has half as many. */
const maxValues = 100

/** There are too many fields; or the value of this one, or its name, is not UTF-8 in percent encoding. */
export type Malformed = "too many" | { readonly field: string }

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1), but strictly: where the standard puts a replacement
 * character for what is not UTF-8, this refuses the field; and it refuses more than a hundred of them.
 */
export const parse = (text: string): Either.Either<Fields, Malformed> => {
  const fields = new Map<string, Array<string>>()
  const pairs = text.split("&", maxValues + 1)
  if (pairs.length > maxValues) return Either.left("too many")
  for (const pair of pairs) {
    if (pair === "") continue
    const equals = pair.indexOf("=")
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    if (name === undefined) return Either.left({ field: "a field's name" })
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1))
    if (value === undefined) return Either.left({ field: name === "" ? "a field without a name" : name })
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value)
  }
  return Either.right(fields)
}

/** The text that stands in the bytes of a form; bytes outside ASCII count as if percent-encoded. */
export const fromBytes = (bytes: Buffer): string =>
  bytes.toString("latin1").replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)

/** Percent-decodes a text, or says that it is not UTF-8 in percent encoding. */
export const decode = (text: string): string | undefined =>
  Either.getOrUndefined(Either.try(() => decodeURIComponent(text.replaceAll("+", " "))))
