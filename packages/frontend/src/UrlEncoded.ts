import { Either } from "effect"

/** Names and all the values that each was sent with, in order. */
export type Fields = ReadonlyMap<string, ReadonlyArray<string>>

/** The value of this field, or its name, is not UTF-8 in percent encoding; the name as far as it can be read. */
export interface Malformed {
  readonly field: string
}

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1), but strictly: where the standard puts a replacement
 * character for what is not UTF-8, this refuses the field.
 */
export const parse = (text: string): Either.Either<Fields, Malformed> => {
  const fields = new Map<string, Array<string>>()
  for (const pair of text.split("&")) {
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
