/** A value that is made when it is first asked for, once: what many processes never need costs none of them its start. */
export const make = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}
