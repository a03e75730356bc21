// Prints what the npm packages say of the operations that we use, as JSON, for the contract test.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModel } from './model.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const read = file => JSON.parse(readFileSync(join(here, file)));
const numbers = read('numbers.json');

console.log(
  JSON.stringify(
    Object.entries(read('operations.json')).map(([name, settings]) => ({
      ...readModel(name, settings, numbers[name] ?? {}),
      renames: settings.renameProperties ?? {},
    })),
  ),
);
