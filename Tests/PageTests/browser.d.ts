// What browsers have and the checker's own declarations lack.

/** https://compression.spec.whatwg.org */
declare class DecompressionStream {
  constructor(format: "gzip" | "deflate" | "deflate-raw");
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<BufferSource>;
}

interface Uint8ArrayConstructor {
  /** Not in all browsers that the page is for. */
  fromBase64?(text: string): Uint8Array;
}
