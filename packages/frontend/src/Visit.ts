import type { Country } from "@retro/domain/Country"
import type { CurrencyCode } from "@retro/domain/Currency"
import type { Request } from "./Request.ts"
import type { Session } from "./Session.ts"
import { ownPath, refererPath } from "./SameSite.ts"
import type { Theme } from "./views/Models.ts"

/** One request for a page, with all that is known of who asks. */
export interface Visit {
  readonly request: Request
  /** What the path's parameters stand for, decoded. */
  readonly params: Readonly<Record<string, string | undefined>>
  readonly requestId: string
  /** What the request does is written down under this id; undefined where it is not. */
  readonly traceId?: string | undefined
  readonly session: Session
  readonly currency: CurrencyCode
  readonly theme: Theme
  /** Where the last quote was asked for. */
  readonly country?: Country | undefined
}

/** Where the shopper is: this page, or, where a form was sent, the page that it was on. */
export const here = ({ request }: Visit): string =>
  (request.method === "POST"
    ? refererPath(request)
    : ownPath(request.query === "" ? request.path : `${request.path}?${request.query}`)) ?? "/"
