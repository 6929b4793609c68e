import { Cause, ParseResult } from "effect"
import * as Fields from "./Fields.ts"

/** What went wrong and where, for the log. A parse error prints the value that it refused, so only its fields are told. */
export const describe = (cause: Cause.Cause<unknown>): string =>
  [...Cause.failures(cause), ...Cause.defects(cause)].map(reasonOf).join("; ")

const reasonOf = (reason: unknown): string => {
  if (ParseResult.isParseError(reason)) return `ParseError at ${Fields.of(reason).join(", ")}`
  return reason instanceof Error ? (reason.stack ?? reason.name) : tagOf(reason)
}

const tagOf = (reason: unknown): string =>
  typeof reason === "object" && reason !== null && "_tag" in reason ? String(reason._tag) : typeof reason
