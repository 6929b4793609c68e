import { FastCheck as fc } from "effect"

/** Texts that have broken programs before: scripts, paths, numbers at their limits, letters of every kind and of none. */
const infamous = [
  "",
  " ",
  "\0",
  "null",
  "undefined",
  "NaN",
  "-1",
  "0",
  "1e309",
  "9".repeat(400),
  "2147483648",
  "-9223372036854775809",
  "0x41",
  "1,5",
  "١٢٣",
  "<script>alert(1)</script>",
  "\"'><img src=x>",
  "' OR 1=1 --",
  "{{7*7}}",
  "${7*7}",
  "%00",
  "%ff%fe",
  "%E0%A4%A",
  "%c0%ae%c0%ae/",
  "../../../etc/passwd",
  "..%2f..%2fetc",
  "//evil.example",
  "https://evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\ud800",
  "\u202egnp",
  "\ufeff",
  "é",
  "e\u0301",
  "ﷺ".repeat(50),
  "👩‍👩‍👧‍👦",
  "\r\nSet-Cookie: a=b",
  "a\r\n\r\nb",
  "(a+)+$",
  "x".repeat(5000),
  " ".repeat(3000) + "x",
  "-".repeat(3000) + "!",
  "1 ".repeat(1500) + "x",
  "@".repeat(1000) + ".",
  "a@" + "a.".repeat(500),
  "A".repeat(37) + "!",
  "[".repeat(500),
  '{"a":'.repeat(500)
] as const

/** Any text, often an infamous one. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...infamous) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: repeated() }
)

/** What makes a regular expression go back and back: one piece over and over, and an end that does not fit. */
function repeated() {
  return fc
    .tuple(
      fc.constantFrom("a", " ", "0", "-", ".", "a-", "1 ", "%20", "=;", "\t", "ab", "%"),
      fc.integer({ min: 10, max: 4000 }),
      fc.constantFrom("", "!", "\0", "x")
    )
    .map(([piece, times, end]) => piece.repeat(times) + end)
}

/** A value that was right, changed somewhere: a piece cut out, doubled, or replaced. */
export const mutated = (right: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(right.length), fc.nat(8), fc.oneof(fc.constant(""), fc.constant(right), text))
    .map(([at, length, other]) => right.slice(0, at) + other + right.slice(at + length))

/** The value, or something like it, or something else. */
export const around = (right: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(right) },
    { weight: 2, arbitrary: mutated(right) },
    { weight: 2, arbitrary: text }
  )
