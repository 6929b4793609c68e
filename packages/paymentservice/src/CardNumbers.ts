import type { DeclineReason } from "@retro/contract/PaymentService"

/** What the mock issuer says to a charge of a card. */
export type Answer = "approved" | "silent" | DeclineReason

/**
 * The cards that the mock issuer does not simply approve. Our own numbers, with a right check digit and on no list of
 * public test numbers; every other good card is approved, 4432801561520454 for example.
 *
 * | number              | a charge is                              |
 * |---------------------|------------------------------------------|
 * | 4432 8015 6152 0512 | declined: insufficient funds             |
 * | 5522 8015 6152 0502 | declined: insufficient funds             |
 * | 4432 8015 6152 0520 | declined: stolen card                    |
 * | 4432 8015 6152 0538 | never answered: the issuer stays silent  |
 */
const answers: ReadonlyMap<string, Answer> = new Map([
  ["4432801561520512", "insufficient-funds"],
  ["5522801561520502", "insufficient-funds"],
  ["4432801561520520", "stolen-card"],
  ["4432801561520538", "silent"]
])

/** What the mock issuer says to this number of digits. */
export const answerTo = (number: string): Answer => answers.get(number) ?? "approved"

/** Numbers that payment guides print for testing: nobody can pay with them, so a shop that took them would be fooled. */
const publicTestNumbers: ReadonlySet<string> = new Set([
  // Visa
  "4000000000000002",
  "4000000000000069",
  "4000000000000077",
  "4000000000000127",
  "4000000000009987",
  "4000000000009995",
  "4000002760003184",
  "4000056655665556",
  "4007702835532454",
  "4012888888881881",
  "4111111111111111",
  "4222222222222",
  "4242424242424242",
  "4263982640269299",
  "4444333322221111",
  "4462030000000000",
  "4484070000000000",
  "4917484589897107",
  "4917610000000000",
  // Mastercard
  "2222420000001113",
  "2223000048400011",
  "2223003122003222",
  "5105105105105100",
  "5200828282828210",
  "5425233430109903",
  "5431111111111111",
  "5454545454545454",
  "5500000000000004",
  "5555555555554444",
  // American Express
  "340000000000009",
  "371449635398431",
  "374245455400126",
  "378282246310005",
  "378734493671000",
  // Discover, JCB, Diners Club
  "6011000000000004",
  "6011000400000000",
  "6011000990139424",
  "6011000991300009",
  "6011111111111117",
  "3530111333300000",
  "3566002020360505",
  "30000000000004",
  "30569309025904",
  "36006666333344",
  "36227206271667",
  "38520000023237"
])

/** Whether every payment guide prints this number. */
export const isPublicTestNumber = (number: string): boolean => publicTestNumbers.has(number)
