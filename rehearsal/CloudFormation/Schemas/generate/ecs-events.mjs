// Prints the schemas of the events of ECS that a rehearsal sends, from the package @aws-cdk/aws-service-spec, as
// tests/rehearsal/Ecs/event-schemas.json has them: each member with its type, and with ! where it is required.
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

const db = loadAwsServiceSpecSync();

const shape = (type) => {
  switch (type.type) {
    case "ref":
      return members(db.get("eventTypeDefinition", type.reference.$ref));
    case "array":
      return [shape(type.element)];
    case "integer":
    case "number":
      return "number";
    default:
      return type.type;
  }
};

const members = (definition) =>
  Object.fromEntries(
    Object.entries(definition.properties)
      .map(([name, property]) => [property.required ? `${name}!` : name, shape(property.type)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

const schemas = {};
for (const event of db.all("event").filter((one) => one.source === "aws.ecs")) {
  if (event.detailType === "ECS Service Action" || event.detailType === "ECS Task State Change") {
    schemas[event.detailType] = members(db.get("eventTypeDefinition", event.rootProperty.$ref));
  }
}

console.log(JSON.stringify(schemas));
