import type { Effect } from "effect"
import type { PageFailure } from "../PageFailure.ts"
import type { Response } from "../Response.ts"
import type { Visit } from "../Visit.ts"

/** Answers one kind of request for a page. */
export type Page = (visit: Visit) => Effect.Effect<Response, PageFailure>
