/** A zip file as EPUB wants it, with the browser's own deflate. */

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {boolean} [stored] not compressed: EPUB's `mimetype`, and pictures, which are compressed already
 */

const TABLE = Uint32Array.from({ length: 256 }, (_none, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
const DEFLATED = 8;
const AT_ONCE = 0x10000;
// 1 January 1980, the first day there is: the same paper gives the same bytes.
const DAY = 0x21;

/**
 * @param {ZipEntry[]} entries in their order
 * @param {import('./pace.js').Pace} pace steps by bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function zip(entries, pace) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes, stored } of entries) {
    const path = new TextEncoder().encode(name);
    const data = stored ? bytes : await deflated(bytes);
    // What both headers hold: version, UTF-8 names, method, time, day, checksum, sizes, length of the name, no extra field.
    const fields = [
      [20, 2], [0x800, 2], [stored ? 0 : DEFLATED, 2], [0, 2], [DAY, 2], [await checksum(bytes, pace), 4], [data.length, 4], [bytes.length, 4],
      [path.length, 2], [0, 2],
    ];
    const local = [...number(0x04034b50, 4), ...fields.flatMap(([value, size]) => number(value, size))];
    directory.push(
      Uint8Array.from([
        ...number(0x02014b50, 4), ...number(20, 2), ...fields.flatMap(([value, size]) => number(value, size)),
        ...number(0, 2), ...number(0, 2), ...number(0, 2), ...number(0, 4), ...number(offset, 4),
      ]),
      path,
    );
    parts.push(Uint8Array.from(local), path, data);
    offset += local.length + path.length + data.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = [
    [0x06054b50, 4], [0, 2], [0, 2], [entries.length, 2], [entries.length, 2], [size, 4], [offset, 4], [0, 2],
  ].flatMap(([value, bytes]) => number(value, bytes));
  return joined([...parts, ...directory, Uint8Array.from(end)]);
}

/**
 * @param {number} value
 * @param {number} size in bytes, the least first
 */
function number(value, size) {
  return Array.from({ length: size }, (_none, index) => (value >>> (8 * index)) & 0xff);
}

/**
 * @param {Uint8Array} bytes
 * @param {import('./pace.js').Pace} pace
 */
async function checksum(bytes, pace) {
  let value = 0xffffffff;
  for (let start = 0; start < bytes.length; start += AT_ONCE) {
    const part = bytes.subarray(start, start + AT_ONCE);
    for (const byte of part) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
    await pace.step(part.length);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {Uint8Array} bytes */
async function deflated(bytes) {
  const stream = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
