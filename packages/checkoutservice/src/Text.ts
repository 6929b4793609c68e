import * as Json from "@retro/domain/Json"
import * as Lazy from "@retro/domain/Lazy"
import * as MessageCodec from "@retro/domain/MessageCodec"
import { Data, Effect, Either, Schema } from "effect"
import type { Envelope } from "./Envelope.ts"
import * as JournalTrace from "./JournalTrace.ts"

/** Values of a kind as the texts of a journal. */
export interface Text<A> {
  readonly print: (value: A) => Effect.Effect<string>
  readonly read: (text: string) => Effect.Effect<A, Unreadable>
}

/** A text that another version wrote, in which this program finds no value of its own. Holds none. */
export class Unreadable extends Data.TaggedError("Unreadable") {}

/** A schema's values as JSON. Once per program, not per run: the first value makes the codec, which takes milliseconds. */
export const of = <A, I>(schema: () => Schema.Schema<A, I>): Text<A> => {
  const encode = Lazy.make(() => MessageCodec.encoder(schema()))
  const decode = Lazy.make(() => Schema.decode(Schema.parseJson(schema())))
  return {
    // Our own values can be written; a parse error would carry them.
    print: (value) =>
      Either.match(encode()(value), {
        onLeft: () => Effect.die(new Unreadable()),
        onRight: (message) => Effect.succeed(JSON.stringify(message))
      }),
    read: (text) => Effect.mapError(decode()(text), () => new Unreadable())
  }
}

/** How answers of these schemas are written down. */
export const ofAnswers = <A, AI, E, EI>(schemas: {
  readonly success: Schema.Schema<A, AI>
  readonly failure: Schema.Schema<E, EI>
}): Text<Either.Either<A, E>> =>
  of(() => Schema.Either({ right: Json.codec(schemas.success), left: Json.codec(schemas.failure) }))

/**
 * Texts that name a person, in an envelope that names the trace it was written in. One that was sealed with another key is
 * a defect of the deployment.
 */
export const sealed = <A>(text: Text<A>, envelope: typeof Envelope.Service): Text<A> => ({
  print: (value) => Effect.flatMap(text.print(value), (text) => JournalTrace.marked(envelope.seal(text))),
  read: (sealed) => Effect.flatMap(Effect.orDie(envelope.open(JournalTrace.unmarked(sealed))), text.read)
})
