/** Where the WebAssembly file of this package is. */
export const wasmUrl: URL;
