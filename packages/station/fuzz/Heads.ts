const get = (lines: ReadonlyArray<string>) =>
  `GET / HTTP/1.1\r\nHost: x\r\n${lines.map((line) => `${line}\r\n`).join("")}Connection: close\r\n\r\n`

/** Beginnings of requests that no client of ours would send. */
export const all: ReadonlyArray<string | Buffer> = [
  get([`X: ${"x".repeat(100_000)}`]),
  get(Array.from({ length: 5000 }, (_, index) => `X-${index}: 1`)),
  get(Array.from({ length: 500 }, () => "Cookie: shop_session-id=x")),
  get([`Cookie: ${"a=b; ".repeat(3000)}`]),
  get(["Content-Length: 5", "Transfer-Encoding: chunked"]),
  get(["Content-Length: 5", "Content-Length: 6"]),
  get(["Content-Length: -1"]),
  get(["X : y"]),
  get([" folded"]),
  get(["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"]),
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.0\r\n\r\n",
  "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
  "GET  /\r\n\r\n",
  "GET / HTTP/1.1\nHost: x\n\n",
  `GET /${"a".repeat(60_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  "GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  "GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET /\\..\\..\\ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  "GET /?%ff HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n",
  "POST /cart HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
  `POST /cart HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;${"e".repeat(20_000)}\r\nquant\r\n0\r\n\r\n`,
  "POST /cart HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nFFFFFFFFFFFFFFFF\r\nx",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  Buffer.from("160301020001000f0303", "hex"),
  Buffer.alloc(70_000, 0xff),
  "\r\n".repeat(5000),
  "\0"
]
