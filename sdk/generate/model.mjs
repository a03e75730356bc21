// Reads what an @aws-sdk/client-* package says of the operations that we use, as one plain object a package.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const TRAIT_BITS = {
  1: 'httpLabel',
  2: 'idempotent',
  4: 'idempotencyToken',
  8: 'sensitive',
  16: 'httpPayload',
  32: 'httpResponseCode',
  64: 'httpQueryParams',
};
const IGNORED_TRAITS = new Set([
  'idempotent',
  'sensitive',
  'error',
  'httpError',
  'awsQueryError',
  'hostLabel',
  'httpChecksum',
  'clientContextParam',
]);

export function readModel(name, settings, numbers) {
  const folder = dirname(require.resolve(`${settings.client}/package.json`));
  const version = JSON.parse(readFileSync(join(folder, 'package.json'))).version;
  const exported = require(settings.client);
  const shared = readFileSync(join(folder, 'dist-es/runtimeConfig.shared.js'), 'utf8');
  const auth = readFileSync(join(folder, 'dist-es/auth/httpAuthSchemeProvider.js'), 'utf8');
  const ruleFile = readdirSync(join(folder, 'dist-es/endpoint')).find(f => /^(bdd|ruleset)\.js$/.test(f));
  const rules = readFileSync(join(folder, 'dist-es/endpoint', ruleFile), 'utf8');
  const declarations = readDeclarations(join(folder, 'dist-types/models'));
  const setting = key => shared.match(new RegExp(`${key}: (?:config\\?\\.\\w+ \\?\\? )?"?([^",\\n]+)"?`))?.[1];

  // One endpoint for all regions of the partition: https://docs.aws.amazon.com/general/latest/gr/rande.html#global-endpoints
  const global = rules.match(/"https:\/\/([a-z0-9-]+)\.amazonaws\.com"/);

  const structures = {};
  const enums = {};
  const operations = settings.operations.map(operationName => {
    const schema = exported[`${operationName}$`] ?? fail(`${name} has no operation ${operationName}`);
    const [, , , traits, input, output] = schema;
    const http = traitsOf(traits).http ?? ['POST', '/', 200];
    return {
      name: operationName,
      method: http[0],
      path: http[1].replace(/\+}/g, '}'),
      status: http[2],
      input: structureName(input),
      output: structureName(output),
    };
  });
  const thrown = new Set(
    settings.operations.flatMap(operation =>
      [
        ...readFileSync(join(folder, `dist-types/commands/${operation}Command.d.ts`), 'utf8').matchAll(
          /@throws \{@link (\w+)\} \((?:client|server) fault\)/g,
        ),
      ].map(match => match[1]),
    ),
  );
  const errors = [...thrown].sort().map(errorName => {
    const schema = exported[`${errorName}$`] ?? fail(`${name} has no error ${errorName}`);
    const traits = traitsOf(schema[3]);
    structureName(() => schema);
    // A service that once spoke Query has other codes there than in the JSON that it speaks now.
    const code = setting('protocol') === 'AwsQueryProtocol' ? traits.awsQueryError?.[0] : undefined;
    return {
      shape: errorName,
      code: code ?? errorName,
      status: traits.awsQueryError?.[1] ?? traits.httpError ?? (traits.error === 'client' ? 400 : 500),
    };
  });

  return {
    name,
    version,
    client: settings.client,
    serviceId: setting('serviceId'),
    apiVersion: setting('apiVersion'),
    target: setting('serviceTarget'),
    protocol: setting('protocol'),
    xmlNamespace: setting('xmlNamespace') ?? '',
    signingName: auth.match(/name: "([^"]+)"/)[1],
    endpointPrefix: (global ?? rules.match(/https:\/\/((?:(?!-fips)[a-z0-9.-])+)\.\{Region\}\.\{PartitionResult#dnsSuffix\}/))[1],
    isGlobal: global !== null,
    operations,
    structures,
    enums,
    errors,
    // A service that has been renamed since and has the same API under its new name.
    ...settings.renamedTo,
  };

  // Registers the structure, with everything that it refers to, and returns its name in the model.
  function structureName(reference) {
    if (reference === undefined) return null;
    const schema = typeof reference === 'function' ? reference() : reference;
    if (schema === 'unit' || schema[2] === 'Unit') return null;
    const [kind, , structure, traits, names, types, required = 0] = schema;
    if (structures[structure]) return structure;
    const result = (structures[structure] = { name: structure, isError: kind === -3, traits: traitsOf(traits), members: [] });
    const declared = declarations[structure] ?? fail(`${name}: no declaration of ${structure}`);
    names.forEach((member, index) => {
      if (settings.exclude?.some(excluded => excluded === member || excluded === `${structure}.${member}`)) return;
      const merged = {};
      const path = `${structure}.${member}`;
      const type = typeOf(types[index], merged, path, declared[member]);
      for (const trait of Object.keys(merged)) {
        if (!KNOWN_MEMBER_TRAITS.has(trait) && !IGNORED_TRAITS.has(trait)) fail(`${path}: trait ${trait} is not supported`);
      }
      result.members.push({ name: member, type, traits: merged, required: index < required });
    });
    return structure;
  }

  function typeOf(reference, traits, path, declared) {
    if (Array.isArray(reference) && reference.length === 2) {
      Object.assign(traits, traitsOf(reference[1]));
      return typeOf(reference[0], traits, path, declared);
    }
    if (typeof reference === 'function') return typeOf(reference(), traits, path, declared);
    if (typeof reference === 'number') return numberedType(reference, path, declared);
    const [kind] = reference;
    switch (kind) {
      case 0:
        return typeOf(reference[4], traits, path, declared);
      case 1: {
        const itemTraits = {};
        const item = typeOf(reference[4], itemTraits, `${path}[]`, declared);
        return { kind: 'list', item, itemName: itemTraits.xmlName };
      }
      case 2:
        return { kind: 'map', value: typeOf(reference[5], {}, `${path}{}`, declared?.replace(/Record<[^,]+,/, '')) };
      case 3:
      case -3:
      case 4:
        return { kind: 'structure', name: structureName(() => reference) };
      default:
        return fail(`${path}: schema kind ${kind} is not supported`);
    }
  }

  function numberedType(code, path, declared) {
    if (code >= 128) return { kind: 'map', value: numberedType(code & ~128, `${path}{}`, declared?.replace(/Record<[^,]+,/, '')) };
    if (code >= 64) return { kind: 'list', item: numberedType(code & ~64, `${path}[]`, declared) };
    switch (code) {
      case 0: {
        const enumName = [...(declared ?? '').matchAll(/\w+/g)].map(match => match[0]).find(word => typeof exported[word] === 'object');
        if (!enumName) return { kind: 'string' };
        // The JavaScript package puts an underscore before names that its language has already.
        const official = enumName.replace(/^_/, '');
        enums[official] = Object.values(exported[enumName]);
        return { kind: 'enum', name: official };
      }
      case 1:
        return { kind: settings.epochMilliseconds?.includes(path) ? 'epochMilliseconds' : (numbers[path] ?? 'integer') };
      case 2:
        return { kind: 'boolean' };
      case 4:
        return { kind: 'timestamp' };
      case 21:
        return { kind: 'blob' };
      default:
        return fail(`${path}: type code ${code} is not supported`);
    }
  }
}

const KNOWN_MEMBER_TRAITS = new Set([
  'httpLabel',
  'idempotencyToken',
  'httpPayload',
  'httpResponseCode',
  'httpHeader',
  'httpQuery',
  'xmlName',
  'xmlFlattened',
  'ec2QueryName',
  'jsonName',
]);

function traitsOf(traits) {
  if (typeof traits === 'object') return { ...traits };
  return Object.fromEntries(
    Object.entries(TRAIT_BITS)
      .filter(([bit]) => traits & bit)
      .map(([, trait]) => [trait, 1]),
  );
}

// The schemas do not say which strings are enums; the declarations do.
function readDeclarations(folder) {
  const declarations = {};
  for (const file of readdirSync(folder).filter(f => /^(models_\d+|errors)\.d\.ts$/.test(f))) {
    let current = null;
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const start = line.match(/^export (?:interface|declare class|declare namespace) (\w+)/);
      if (start) current = declarations[start[1]] = {};
      const member = line.match(/^ {4}(?: {4})?(\w+)\??: (.+);$/);
      if (member && current && member[2] !== 'never') current[member[1]] = member[2];
    }
  }
  return declarations;
}

function fail(message) {
  throw new Error(message);
}
