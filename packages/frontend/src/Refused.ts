import { Data } from "effect"
import type { Response } from "./Response.ts"
import type { ErrorModel } from "./views/Models.ts"

/** A request that this site does not serve, and what the page about it says. */
export class Refused extends Data.TaggedError("Refused")<
  Pick<ErrorModel, "status" | "heading" | "sentence"> & { readonly headers?: Response["headers"] }
> {}

/** There is no such page. */
export const notFound = (sentence = "No train stops here. The address may have a typing error in it."): Refused =>
  new Refused({ status: 404, heading: "Page not found", sentence })

/** Fields of a form or an address that cannot be read, each by its name with what is wrong. */
export const fields = (errors: Readonly<Record<string, string | undefined>>): Refused =>
  new Refused({
    status: 422,
    heading: "We could not read that",
    sentence: Object.entries(errors)
      .map(([name, error]) => `${name}: ${error ?? ""}`)
      .join(" ")
  })

/** A field that is not UTF-8 in percent encoding. */
export const unreadable = (field: string): Refused =>
  new Refused({
    status: 400,
    heading: "We could not read that",
    sentence: `${field}: This is not encoded as web forms are.`
  })
