// Writes sdk/AWSSDK.*/ from the schemas of the @aws-sdk/client-* packages: node generate.mjs [Package…]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModel } from './model.mjs';
import { render } from './render.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packages = JSON.parse(readFileSync(join(here, 'operations.json')));
const numbers = JSON.parse(readFileSync(join(here, 'numbers.json')));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(packages);

for (const name of wanted) {
  const model = readModel(name, packages[name], numbers[name] ?? {});
  const folder = join(here, '..', `AWSSDK.${name}`);
  const files = render(model, packages[name]);
  rmSync(join(folder, 'Generated'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${name}: ${model.operations.length} operations, ${Object.keys(files).length} files`);
}
