import { Array, type ParseResult } from "effect"

/** The fields that a parse error is about, as dotted paths: the first twenty, since headers carry them and are bounded. */
export const of = (error: ParseResult.ParseError | ParseResult.ParseIssue): ReadonlyArray<string> => {
  const fields = new Set<string>()
  for (const path of pathsOf(error._tag === "ParseError" ? error.issue : error, [])) {
    fields.add(path.join(".") || "request")
    if (fields.size === 20) break
  }
  return [...fields]
}

/** One path after the other, so that a message with a hundred thousand wrong fields costs no more than one with twenty. */
function* pathsOf(
  issue: ParseResult.ParseIssue,
  path: ReadonlyArray<PropertyKey>
): Generator<ReadonlyArray<PropertyKey>> {
  switch (issue._tag) {
    case "Pointer":
      return yield* pathsOf(issue.issue, path.concat(issue.path))
    case "Refinement":
    case "Transformation":
      return yield* pathsOf(issue.issue, path)
    case "Composite":
      for (const each of Array.ensure(issue.issues)) yield* pathsOf(each, path)
      return
    default:
      yield path
  }
}
