// Prints the names and types that the rules give to every operation of the packages that are served, as JSON: the test holds them against
// the official assemblies, and so the rules that name the packages that are not served.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModel } from './model.mjs';
import { officialNames } from './names.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packages = JSON.parse(readFileSync(join(here, 'operations.json')));
const result = {};
for (const [name, settings] of Object.entries(packages).filter(([, { official }]) => official)) {
  const exported = await import(settings.client);
  const operations = Object.keys(exported)
    .filter(key => /^[A-Z]\w+Command$/.test(key))
    .map(key => key.slice(0, -'Command'.length));
  const every = { ...settings, operations, exclude: [] };
  result[name] = { official: settings.official, ...officialNames(readModel(name, every, {}), every) };
}
console.log(JSON.stringify(result));
