/** Whether a client reads this content coding (RFC 9110, 12.5.3); one with weight zero is one that it cannot read. */
export const accepts = (header: string | ReadonlyArray<string> | undefined, coding: "br" | "gzip"): boolean =>
  String(header ?? "")
    .toLowerCase()
    .split(",")
    .map((offer) => offer.replaceAll(" ", ""))
    .some((offer) => offer === coding || (offer.startsWith(`${coding};q=`) && !/;q=0(\.0*)?$/.test(offer)))
