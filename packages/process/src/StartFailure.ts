import { Cause, ConfigError, ParseResult } from "effect"

/** Why a process ended, for standard error, and the code that it exits with. */
export interface StartFailure {
  readonly text: string
  readonly exitCode: number
}

/** `EX_CONFIG` of sysexits.h: starting again does not help before somebody changes the configuration. */
export const wrongConfiguration = 78

/** One line for what was expected to happen, naming the variables of a wrong configuration; a defect with its stack. */
export const make = (cause: Cause.Cause<unknown>): StartFailure => {
  const defects = [...Cause.defects(cause)]
  if (defects.length > 0) return { text: defects.map(describeDefect).join("\n"), exitCode: 1 }
  const failures = [...Cause.failures(cause)]
  return {
    text: oneLine([...new Set(failures.map(describe))].join("; ")),
    exitCode: failures.some(ConfigError.isConfigError) ? wrongConfiguration : 1
  }
}

const describe = (failure: unknown): string => {
  if (ConfigError.isConfigError(failure)) return describeConfig(failure)
  if (ParseResult.isParseError(failure)) return describeParse(failure)
  if (!(failure instanceof Error)) return tagOf(failure)
  return failure.message === "" || failure.message === "An error has occurred" ? tagOf(failure) : failure.message
}

/** A parse error prints the value it refused: only its fields are told. */
const describeParse = (error: ParseResult.ParseError): string =>
  `not valid: ${ParseResult.ArrayFormatter.formatErrorSync(error)
    .map(({ path }) => path.join("."))
    .join(", ")}`

const describeDefect = (defect: unknown): string => {
  if (ParseResult.isParseError(defect)) return describeParse(defect)
  return defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)
}

const describeConfig = (error: ConfigError.ConfigError): string => {
  switch (error._op) {
    case "And":
    case "Or":
      return `${describeConfig(error.left)}${error._op === "And" ? "; " : " or "}${describeConfig(error.right)}`
    case "MissingData":
      return `${error.path.join("_")}: expected a value, it is not set`
    default:
      return `${error.path.join("_")}: ${expectation(error.message)}`
  }
}

/** The message without the value that was refused, which may be a secret. */
const expectation = (message: string): string => {
  const [words = ""] = message.split(/,? (?:but received|actual) /)
  const last = words.slice(words.lastIndexOf("\n") + 1).replace(/^[\s└├│─]+/, "")
  return last.charAt(0).toLowerCase() + last.slice(1)
}

const tagOf = (failure: unknown): string =>
  typeof failure === "object" && failure !== null && "_tag" in failure ? String(failure._tag) : "unknown failure"

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ")
