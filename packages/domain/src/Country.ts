import { Option } from "effect"
import * as Lazy from "./Lazy.ts"

/** A country or territory by its ISO 3166-1 alpha-2 code. */
export type Country = (typeof codes)[number]

// prettier-ignore
const codes = [
  "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB",
  "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY",
  "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX",
  "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK",
  "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS",
  "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR",
  "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
  "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
  "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE",
  "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
  "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG",
  "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF",
  "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY",
  "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW"
] as const

/** What people write where neither the code nor the name in {@link name} stands. Compared as {@link parse} compares. */
const aliases: ReadonlyArray<readonly [string, Country]> = [
  ["USA", "US"],
  ["United States of America", "US"],
  ["America", "US"],
  ["UK", "GB"],
  ["Great Britain", "GB"],
  ["Britain", "GB"],
  ["England", "GB"],
  ["Scotland", "GB"],
  ["Wales", "GB"],
  ["Northern Ireland", "GB"],
  ["Republic of Ireland", "IE"],
  ["Holland", "NL"],
  ["Czech Republic", "CZ"],
  ["Turkey", "TR"],
  ["Republic of Korea", "KR"],
  ["Korea", "KR"],
  ["Russian Federation", "RU"],
  ["UAE", "AE"],
  ["Hong Kong", "HK"],
  ["Macau", "MO"],
  ["Macao", "MO"],
  ["Burma", "MM"],
  ["Myanmar", "MM"],
  ["Viet Nam", "VN"],
  ["Ivory Coast", "CI"],
  ["Cabo Verde", "CV"],
  ["Swaziland", "SZ"],
  ["Macedonia", "MK"],
  ["East Timor", "TL"],
  ["Vatican", "VA"],
  ["Holy See", "VA"],
  ["Palestine", "PS"],
  ["Congo", "CG"],
  ["Republic of the Congo", "CG"],
  ["DR Congo", "CD"],
  ["Democratic Republic of the Congo", "CD"],
  ["Bosnia", "BA"],
  ["Falkland Islands", "FK"]
]

/** Names are in ICU's tables, of which node reads 5 MB for the first one. */
const english = Lazy.make(() => new Intl.DisplayNames(["en"], { type: "region" }))

/** The English name of a country. */
export const name = (country: Country): string => english().of(country) ?? country

/** Every country, by English name: the choices of a form. */
export const all: () => ReadonlyArray<{ readonly code: Country; readonly name: string }> = Lazy.make(() =>
  codes.map((code) => ({ code, name: name(code) })).sort((a, b) => a.name.localeCompare(b.name, "en"))
)

/** The country that a text means: its code, its English name or a usual other one. Case, accents and punctuation do not matter. */
export const parse = (text: string): Option.Option<Country> => Option.fromNullable(known().get(plain(text)))

/** Letters only, in lower case: "Côte d’Ivoire" and "cote d'ivoire" are one name. */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/&/g, "and")
    .replace(/\bst\./gi, "saint")
    .replace(/^\s*the\s/i, "")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase()

const known: () => ReadonlyMap<string, Country> = Lazy.make(
  () =>
    new Map([
      ...aliases.map(([text, code]) => [plain(text), code] as const),
      ...codes.flatMap((code) => [[plain(name(code)), code] as const, [code.toLowerCase(), code] as const])
    ])
)
