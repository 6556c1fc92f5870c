export const wasmUrl = new URL("../crm.wasm", import.meta.url);
