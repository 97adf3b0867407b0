/**
 * A reader for Server-Sent Events that a hostile or broken server cannot make grow or hang: lines and
 * streams have a longest length, silence has a longest time.
 *
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */

const MAX_EVENT_CHARACTERS = 256 * 1024;
const MAX_STREAM_CHARACTERS = 4 * 1024 * 1024;

/** The stream broke a limit or is no event stream: nothing more of it is to be believed. */
export class StreamError extends Error {}

/**
 * Reads a stream to its end or until the caller stops asking, then closes it.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} onActivity called for every piece that arrives, comments too
 * @returns {AsyncGenerator<{ event: string, data: string }>}
 */
export async function* readEvents(body, onActivity) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let pending = '';
  let received = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onActivity();
      received += value.length;
      pending += value;
      if (received > MAX_STREAM_CHARACTERS) throw new StreamError('The stream does not end.');
      const blocks = pending.split(/\r\n\r\n|\n\n|\r\r/);
      pending = /** @type {string} */ (blocks.pop());
      if (pending.length > MAX_EVENT_CHARACTERS) throw new StreamError('An event does not end.');
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // already closed or broken: nothing left to close
  }
}

/**
 * @param {string} block the lines of one event
 * @returns {{ event: string, data: string } | null} null for a comment
 */
function parseEvent(block) {
  let event = 'message';
  /** @type {string[]} */
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return data.length ? { event, data: data.join('\n') } : null;
}
