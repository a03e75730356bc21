// Refuses a description of what the official package does not have. Its documentation lists every public member.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function checkAgainstOfficial(model, { constants, classes }, official, root) {
  const documented = readDocumentation(official, root);
  const missing = [
    ...Object.keys(constants),
    ...Object.entries(classes).flatMap(([cls, properties]) => [cls, ...Object.keys(properties).map(property => `${cls}.${property}`)]),
  ].filter(name => !documented.has(name));
  if (missing.length)
    throw new Error(
      `${model.name}: ${official} has no ${missing.join(', no ')}.\n` +
        'Say in operations.json how the official SDK names it (renameShapes, renameProperties), or leave it out (exclude).',
    );
}

function readDocumentation(official, root) {
  const versions = readFileSync(join(root, 'Directory.Packages.props'), 'utf8');
  const version =
    versions.match(new RegExp(`Include="${official.replaceAll('.', '\\.')}" Version="\\[(.+?)\\]"`))?.[1] ??
    fail(`Directory.Packages.props pins no version of ${official}.`);
  const packages = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
  const file = join(packages, official.toLowerCase(), version, 'lib', 'net8.0', `${official}.xml`);
  if (!existsSync(file)) fail(`${file} is missing; "dotnet restore sdk/WireDescriptions" fetches it.`);
  return new Set([...readFileSync(file, 'utf8').matchAll(/<member name="[TP]:([^"]+)"/g)].map(match => match[1]));
}

function fail(message) {
  throw new Error(message);
}
