import { Data, Effect, Either, ParseResult, Schema, Struct } from "effect"
import * as Refused from "./Refused.ts"
import type { Request } from "./Request.ts"
import * as UrlEncoded from "./UrlEncoded.ts"

/** Some fields were refused: a sentence about each of them. */
export class Invalid<Name extends string = string> extends Data.TaggedError("Invalid")<{
  readonly errors: Readonly<Partial<Record<Name, string>>>
}> {}

/** Reads the fields of one form. */
export type Form<A, Name extends string> = (fields: UrlEncoded.Fields) => Either.Either<A, Invalid<Name>>

/**
 * A form: a schema of its fields as texts, and for each of them the sentence that a person is told when it is refused. A
 * field that was not sent is an empty text; one that was sent twice is refused; fields of other names do not matter.
 */
export const make = <A, I extends Readonly<Record<string, string>>>(
  schema: Schema.Schema<A, I>,
  sentences: { readonly [Name in keyof I & string]: string }
): Form<A, keyof I & string> => {
  const decode = Schema.decodeUnknownEither(schema, { errors: "all" })
  const names = Struct.keys(sentences)
  return (fields) => {
    const errors: Partial<Record<keyof I & string, string>> = {}
    for (const name of names) if ((fields.get(name) ?? []).length > 1) errors[name] = "This was sent more than once."
    const decoded = decode(Object.fromEntries(names.map((name) => [name, fields.get(name)?.[0] ?? ""])))
    if (Either.isLeft(decoded)) {
      const refused = new Set(ParseResult.ArrayFormatter.formatErrorSync(decoded.left).map(({ path }) => path[0]))
      for (const name of names) if (refused.has(name)) errors[name] ??= sentences[name]
      return Either.left(new Invalid({ errors }))
    }
    return Struct.keys(errors).length > 0 ? Either.left(new Invalid({ errors })) : Either.right(decoded.right)
  }
}

/** A whole number in decimal digits, at most nine of them. */
export const WholeNumber = Schema.Trim.pipe(Schema.pattern(/^\d{1,9}$/), Schema.compose(Schema.NumberFromString))

/** Undefined where the field is empty or was not sent. */
export const orAbsent = <A>(schema: Schema.Schema<A, string>) =>
  Schema.Union(
    Schema.transform(Schema.Literal(""), Schema.Undefined, { decode: () => undefined, encode: () => "" as const }),
    schema
  )

/** The fields that a request posts; nothing posted is a form without fields. */
export const posted = Effect.fnUntraced(function* (request: Request) {
  const body = yield* Effect.mapError(request.body, () => tooLarge)
  const type = request.headers["content-type"] ?? ""
  if (body.length > 0 && !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return yield* notAForm
  return yield* readable(UrlEncoded.parse(UrlEncoded.fromBytes(body)))
})

/** The fields of a request's query. */
export const queried = (request: Request): Either.Either<UrlEncoded.Fields, Refused.Refused> =>
  readable(UrlEncoded.parse(request.query))

/** What was typed into these fields, as it was typed. */
export const typed = <Name extends string>(
  fields: UrlEncoded.Fields,
  names: ReadonlyArray<Name>
): Partial<Record<Name, string>> => {
  const values: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const [value = ""] = fields.get(name) ?? []
    values[name] = cardNumber.test(value) ? "" : value
  }
  return values
}

/** What is as long as a card number is never shown again, whichever field it was typed into. */
const cardNumber = /(?:\d[ -]?){13}/

const readable = Either.mapLeft((malformed: UrlEncoded.Malformed) =>
  malformed === "too many" ? tooMany : Refused.unreadable(malformed.field)
)

const tooMany = new Refused.Refused({
  status: 400,
  heading: "That is too much",
  sentence: "No form of this site has that many fields."
})

const tooLarge = new Refused.Refused({
  status: 413,
  heading: "That is too much",
  sentence: "A form of this site is never larger than 64 kB."
})

const notAForm = new Refused.Refused({
  status: 415,
  heading: "That is no form",
  sentence: "Send forms as application/x-www-form-urlencoded."
})
