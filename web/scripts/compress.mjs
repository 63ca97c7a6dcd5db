// Writes `.br` and `.gz` beside each text file of the build, so that the server never compresses.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

const BYTES_MIN = 1024;
const dist = fileURLToPath(new URL('../dist', import.meta.url));

const files = fs
  .readdirSync(dist, { recursive: true })
  .map((name) => path.join(dist, name))
  .filter((name) => /\.(js|css|html|svg|json)$/.test(name) && fs.statSync(name).isFile());

for (const name of files) {
  const bytes = fs.readFileSync(name);
  if (bytes.length < BYTES_MIN) continue;
  const quality = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  fs.writeFileSync(`${name}.br`, zlib.brotliCompressSync(bytes, { params: quality }));
  fs.writeFileSync(`${name}.gz`, zlib.gzipSync(bytes, { level: 9 }));
}
