import { Cause, ParseResult } from "effect"

/** What went wrong and where, for the log. A parse error prints the value that it refused, so only its fields are told. */
export const describe = (cause: Cause.Cause<unknown>): string =>
  [...Cause.failures(cause), ...Cause.defects(cause)].map(reasonOf).join("\n")

const reasonOf = (reason: unknown): string => {
  if (ParseResult.isParseError(reason)) {
    return `ParseError at ${ParseResult.ArrayFormatter.formatErrorSync(reason)
      .map(({ path }) => path.join("."))
      .join(", ")}`
  }
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
}
