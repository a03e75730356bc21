// Writes what is generated in sdk/ from the schemas of the @aws-sdk/client-* packages:
//   node generate.mjs [--operations FILE] [--out FOLDER] [Package…]
// Without options operations.json is read and sdk/ is written.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readModel } from './model.mjs';
import { officialNames } from './names.mjs';
import { checkAgainstOfficial } from './official.mjs';
import { render } from './render.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    operations: { type: 'string', default: join(here, 'operations.json') },
    out: { type: 'string', default: join(here, '..') },
  },
});
const packages = JSON.parse(readFileSync(resolve(options.operations)));
const numbers = JSON.parse(readFileSync(join(here, 'numbers.json')));
const wanted = positionals.length ? positionals : Object.keys(packages);

for (const name of wanted) {
  const settings = packages[name];
  const model = readModel(name, settings, numbers[name] ?? {});
  if (settings.official) checkAgainstOfficial(model, officialNames(model, settings), settings.official, join(here, '..', '..'));
  else rmSync(join(options.out, `AWSSDK.${name}`, 'Generated'), { recursive: true, force: true });
  const files = render(model, settings);
  for (const [path, text] of Object.entries(files)) {
    const file = join(options.out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(`${name}: ${model.operations.length} operations, ${Object.keys(files).length} files`);
}
