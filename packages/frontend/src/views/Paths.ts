import { segment } from "../Html.ts"

/** The page of one game. */
export const product = (id: string): string => `/product/${segment(id)}`

/** The games of one genre, as the catalogue spells it. */
export const category = (name: string): string => `/category/${segment(name)}`

/** The games of one platform, as the catalogue spells it. */
export const platform = (name: string): string => `/platform/${segment(name)}`

/** The page of one order. */
export const order = (id: string): string => `/order/${segment(id)}`

/** Where one parcel is. */
export const track = (id: string): string => `/track/${segment(id)}`

/** What goes wrong on purpose. */
export const faults = "/dev/faults"

/** The journals of orders. */
export const journal = "/dev/journal"

/** What was sent to shoppers. */
export const mailbox = "/dev/mail"

/** One captured message. */
export const mail = (id: string): string => `${mailbox}/${segment(id)}`

/** The last requests. */
export const traces = "/dev/traces"

/** What one request did. */
export const trace = (id: string): string => `${traces}/${segment(id)}`

/** Where the guide explains an error. */
export const typedError = (tag: string): string => `/dev/typed-errors#${segment(tag)}`
