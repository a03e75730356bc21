// The names and types that the official AWS SDK for .NET V4 gives to what a model has.
const CLR_TYPES = {
  string: 'string',
  boolean: 'bool',
  integer: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
  timestamp: 'DateTime',
  epochMilliseconds: 'DateTime',
  blob: 'MemoryStream',
};
const VALUE_TYPES = new Set(['boolean', 'integer', 'long', 'float', 'double', 'timestamp', 'epochMilliseconds']);

export const capital = text => text[0].toUpperCase() + text.slice(1);

// The official generator drops the characters that C# does not allow and capitalises what follows them: "shutting-down" is ShuttingDown.
export function constantName(value) {
  return value
    .split(/[^A-Za-z0-9_]+/)
    .filter(Boolean)
    .map(capital)
    .join('')
    .replace(/^(\d)/, '_$1');
}

export function exceptionName(shape) {
  const stem = shape.replace(/Fault$/, '');
  return stem.endsWith('Exception') ? stem : `${stem}Exception`;
}

export function errorMembers(structure) {
  return structure.members.filter(member => member.name.toLowerCase() !== 'message');
}

export function namesOf(settings) {
  const className = shape => capital(settings.renameShapes?.[shape] ?? shape);

  // A list or a map holds constants as text.
  const clrType = (type, inside = false) => {
    switch (type.kind) {
      case 'enum':
        return inside ? 'string' : type.name;
      case 'structure':
        return className(type.name);
      case 'list':
        return `List<${clrType(type.item, true)}>`;
      case 'map':
        return `Dictionary<string, ${clrType(type.value, true)}>`;
      default:
        return CLR_TYPES[type.kind];
    }
  };

  return {
    className,
    clrType,
    propertyName: (structure, member) => settings.renameProperties?.[`${structure.name}.${member.name}`] ?? capital(member.name),
    propertyType: type => clrType(type) + (VALUE_TYPES.has(type.kind) ? '?' : ''),
  };
}

// The structures by what becomes of them.
export function kinds(model) {
  const errorShapes = new Set(model.errors.map(error => error.shape));
  const nestedNames = nestedStructures(model);
  const structures = Object.values(model.structures);
  const ofOperations = (suffix, part, unnamed) =>
    model.operations.map(operation => ({
      cls: `${operation.name}${suffix}`,
      operation: operation.name,
      structure: model.structures[operation[part]] ?? { name: `${operation.name}${unnamed}`, members: [] },
    }));
  return {
    nested: structures.filter(structure => !errorShapes.has(structure.name) && nestedNames.has(structure.name)),
    errors: structures.filter(structure => errorShapes.has(structure.name)),
    requests: ofOperations('Request', 'input', 'Input'),
    responses: ofOperations('Response', 'output', 'Output'),
  };
}

// Every public name that a description of the model relies on, and the type of each property.
export function officialNames(model, settings) {
  const { className, propertyName, propertyType } = namesOf(settings);
  const { nested, errors, requests, responses } = kinds(model);
  const root = `Amazon.${model.name}`;
  const constants = Object.fromEntries(Object.entries(model.enums).map(([name, values]) => [`${root}.${name}`, values.map(constantName)]));
  const classes = {};
  const add = (cls, structure, members = structure.members) =>
    (classes[`${root}.Model.${cls}`] = Object.fromEntries(
      members.map(member => [propertyName(structure, member), propertyType(member.type)]),
    ));
  nested.forEach(structure => add(className(structure.name), structure));
  [...requests, ...responses].forEach(({ cls, structure }) => add(cls, structure));
  errors.forEach(structure => add(exceptionName(structure.name), structure, errorMembers(structure)));
  return { constants, classes };
}

// Structures that are more than an operation's own request or response.
function nestedStructures(model) {
  const nested = new Set();
  const visit = type => {
    if (type.kind === 'list') visit(type.item);
    else if (type.kind === 'map') visit(type.value);
    else if (type.kind === 'structure') nested.add(type.name);
  };
  for (const structure of Object.values(model.structures)) structure.members.forEach(member => visit(member.type));
  return nested;
}
