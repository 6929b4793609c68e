import { Schema } from "effect"

const line = (max: number) =>
  Schema.String.pipe(
    Schema.maxLength(max),
    Schema.pattern(/^[^\u0000-\u001f\u007f]*$/, { message: () => "has control characters" })
  )
const filled = (max: number) => line(max).pipe(Schema.pattern(/\S/, { message: () => "is empty" }))

/** Where a parcel goes, in any script. `state` and `recipient` may be empty, and so may the postal code: not every country has them. */
export class Address extends Schema.Class<Address>("Address")({
  recipient: line(100),
  streetAddress: filled(200),
  city: filled(100),
  state: line(100),
  postalCode: line(20),
  /** ISO 3166-1 alpha-2 code, or the country's English name. */
  country: filled(60)
}) {}

/** As much of an address as a shopper has told so far; all empty when nothing is known. */
export class Destination extends Schema.Class<Destination>("Destination")({
  recipient: line(100),
  streetAddress: line(200),
  city: line(100),
  state: line(100),
  postalCode: line(20),
  country: line(60)
}) {}

const message = Schema.Struct({
  streetAddress: Schema.String,
  city: Schema.String,
  state: Schema.String,
  country: Schema.String,
  zipCode: Schema.Number,
  postalCode: Schema.String,
  recipient: Schema.String
})

/** An address as a message carries it: the numeric zip code of old clients counts where the postal code is empty. */
const fromMessage = <A>(schema: Schema.Schema<A, Omit<typeof message.Type, "zipCode">>) =>
  Schema.transform(message, schema, {
    strict: true,
    decode: ({ zipCode, ...rest }) => ({
      ...rest,
      postalCode: rest.postalCode === "" && zipCode > 0 ? String(zipCode) : rest.postalCode
    }),
    encode: (rest) => ({ zipCode: 0, ...rest })
  })

/** The codec of an {@link Address} in every message. */
export const AddressFromWire = fromMessage(Address)

/** The codec of a {@link Destination} in every message; a message without one is an empty one. */
export const DestinationFromWire = fromMessage(Destination)
