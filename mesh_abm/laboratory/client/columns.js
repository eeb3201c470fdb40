// A message's columns: `parts` says where each lies in the one buffer (see frame.py).

const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, float32: Float32Array };

function columns(parts, view) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const found = {};
  for (const [name, [type, offset, count]] of Object.entries(parts)) {
    found[name] = new ARRAYS[type](bytes, offset, count);
  }
  return found;
}
