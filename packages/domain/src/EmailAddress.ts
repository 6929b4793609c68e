import { Schema } from "effect"

/** Where a confirmation goes: something@somewhere in any script, up to 254 characters. Redacted, since it names a person. */
export const EmailAddress = Schema.Redacted(
  Schema.String.pipe(
    Schema.maxLength(254),
    Schema.pattern(/^[^\s@<>"(),:;\\[\]\u0000-\u001f]{1,64}@[^\s@<>"(),:;\\[\]\u0000-\u001f]{1,190}$/u, {
      message: () => "not an e-mail address"
    })
  )
)
export type EmailAddress = typeof EmailAddress.Type
