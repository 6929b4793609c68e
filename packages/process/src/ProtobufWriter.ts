/**
 * Writes protobuf messages one after the other into a buffer that it keeps: nothing is made for a field, and a message
 * within another is not copied unless it is long. Fields with their default values are to be left out by the caller where
 * that matters; empty texts are. Source: Protocol Buffers, encoding.
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(65_536)
  #view = viewOf(this.#bytes)
  #at = 0

  /** A copy of what was written since the last time. */
  finish(): Buffer {
    const written = Buffer.from(this.#bytes.subarray(0, this.#at))
    this.#at = 0
    return written
  }

  /** Begins a message within the one that is being written; what {@link close} needs to end it. */
  open(field: number): number {
    this.#tag(field, 2)
    return this.#at++
  }

  /** Ends the message that was begun there: its length takes one byte, or makes room for more. */
  close(start: number): void {
    const length = this.#at - start - 1
    if (length < 0x80) {
      this.#bytes[start] = length
      return
    }
    const more = Math.floor(Math.log2(length) / 7)
    this.#reserve(more)
    this.#bytes.copyWithin(start + 1 + more, start + 1, this.#at)
    const end = this.#at + more
    this.#at = start
    this.#varint(length)
    this.#at = end
  }

  string(field: number, text: string): void {
    if (text !== "") this.present(field, text)
  }

  /** The same where an empty text is a value: one of several kinds that a field may have. */
  present(field: number, text: string): void {
    this.#reserve(text.length * 3 + 20)
    const start = this.open(field)
    if (text.length > 64 || !this.#ascii(text)) {
      this.#at = start + 1
      this.#at += this.#bytes.write(text, this.#at)
    }
    this.close(start)
  }

  /** Bytes that are given in hexadecimal. */
  hex(field: number, digits: string): void {
    this.#tag(field, 2)
    this.#varint(digits.length / 2)
    for (let place = 0; place < digits.length; place += 2) {
      this.#bytes[this.#at++] = (valueOf(digits.charCodeAt(place)) << 4) | valueOf(digits.charCodeAt(place + 1))
    }
  }

  /** Of an enumeration, a truth value, or a whole number that is not negative. */
  number(field: number, value: number): void {
    this.#tag(field, 0)
    this.#varint(value)
  }

  /** A whole number in 64 bits. */
  int64(field: number, value: number): void {
    if (value >= 0) return this.number(field, value)
    this.#tag(field, 0)
    let left = BigInt.asUintN(64, BigInt(value))
    for (; left > 0x7fn; left >>= 7n) this.#bytes[this.#at++] = Number(left & 0x7fn) | 0x80
    this.#bytes[this.#at++] = Number(left)
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, 1)
    this.fixed64Bare(value)
  }

  double(field: number, value: number): void {
    this.#tag(field, 1)
    this.doubleBare(value)
  }

  /** Without its field: within a packed list. */
  fixed64Bare(value: bigint): void {
    this.#reserve(8)
    this.#view.setBigUint64(this.#at, value, true)
    this.#at += 8
  }

  /** Without its field: within a packed list. */
  doubleBare(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  /** Most texts are short and plain: a call of the runtime would cost more than they do. */
  #ascii(text: string): boolean {
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place)
      if (code > 0x7f) return false
      this.#bytes[this.#at++] = code
    }
    return true
  }

  #tag(field: number, wireType: number): void {
    this.#reserve(48)
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    let left = value
    for (; left > 0x7f; left = Math.floor(left / 128)) this.#bytes[this.#at++] = (left % 128) | 0x80
    this.#bytes[this.#at++] = left
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + more))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Of a digit of hexadecimal in lower case. */
const valueOf = (code: number): number => (code < 58 ? code - 48 : code - 87)
