import { isCurrencyCode } from "@retro/domain/Currency"
import { BigDecimal, Either, ParseResult, Schema } from "effect"
import { XMLParser } from "fast-xml-parser"
import * as RateTable from "./RateTable.ts"

/**
 * Reads a table in the format of the European Central Bank's daily reference rates (eurofxref-daily.xml): currencies as
 * attributes of nested `Cube` elements. Currencies that ISO 4217 does not list are left out, so that a new one does not
 * stop all the others; anything else that is not as published refuses the whole file.
 */
export const parse = (xml: string): Either.Either<RateTable.RateTable, RateTable.RatesRefused> =>
  Either.gen(function* () {
    const tree: unknown = yield* Either.try({ try: () => parser.parse(xml, true), catch: notXml })
    const { Cube, time } = (yield* Either.mapLeft(decode(tree), notTheFormat)).Envelope.Cube.Cube
    return yield* RateTable.make(
      time,
      Cube.flatMap(({ currency, rate }) => (isCurrencyCode(currency) ? [[currency, rate] as const] : []))
    )
  })

/** A rate as it is written, with a point and without an exponent; more than nothing. */
export const Rate = Schema.String.pipe(
  Schema.pattern(/^\d{1,12}(\.\d{1,12})?$/),
  Schema.compose(Schema.BigDecimal),
  Schema.filter(BigDecimal.isPositive)
)

const Quote = Schema.Struct({ currency: Schema.String.pipe(Schema.pattern(/^[A-Z]{3}$/)), rate: Rate })

const Document = Schema.Struct({
  Envelope: Schema.Struct({
    Cube: Schema.Struct({ Cube: Schema.Struct({ time: RateTable.Day, Cube: Schema.NonEmptyArray(Quote) }) })
  })
})

const decode = Schema.decodeUnknownEither(Document)

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  isArray: (_name, path) => path === "Envelope.Cube.Cube.Cube"
})

const notXml = () => new RateTable.RatesRefused({ reason: "not-xml", at: "" })

/** Says where it is wrong, never what stands there. */
const notTheFormat = (error: ParseResult.ParseError): RateTable.RatesRefused => {
  const at = ParseResult.ArrayFormatter.formatErrorSync(error)[0]?.path.map(String).join(".") ?? ""
  return new RateTable.RatesRefused({ reason: "not-the-format", at })
}
