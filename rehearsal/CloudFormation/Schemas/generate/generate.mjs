// Writes ../schemas.zip: what the rehearsal has to know of CloudFormation's resource types, from the package
// @aws-cdk/aws-service-spec, a Brotli-compressed entry for each service. `node generate.mjs --text` prints the uncompressed text
// of all instead; a test compares it.
//
// A line for each resource type, in the order of their names: the name, a tab, an object with
//   i  the properties and attributes that identify the resource
//   r  what Ref gives, where that is not `i`
//   n  the template of its ARN
//   t  the property with its tags
//   a  the attributes of Fn::GetAtt, each with its type
//   p  the properties, each with its type
//   d  the structures that these types name by their place in this list
//   v  the lists of allowed values that these types name by their place in this list
// A type is s (text), b, i (integer), n (number), j (any JSON), [x (list of x), {x (map of x), #12 (structure 12),
// or (x|y); s@3 and i@3 take one of the values of list 3 only. Before it stands ! when the property is required, then + when its
// change replaces the resource, or ~ when it may.
import { writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { zipSync } from "fflate";

// Longer lists grow every few months (runtimes, types of instances, regions), and so do those that begin with one value.
const leastValues = 2;
const mostValues = 25;

const db = loadAwsServiceSpecSync();
// What the registry's own schemas (DescribeType, August 2026) have beyond the package.
const furtherProperties = {
  "AWS::NetworkManager::ConnectAttachment": { ProposedNetworkFunctionGroupChange: "j" },
  "AWS::NetworkManager::DirectConnectGatewayAttachment": { ProposedNetworkFunctionGroupChange: "j", ProposedSegmentChange: "j" },
  "AWS::NetworkManager::SiteToSiteVpnAttachment": { ProposedNetworkFunctionGroupChange: "j" },
  "AWS::NetworkManager::TransitGatewayRouteTableAttachment": { ProposedNetworkFunctionGroupChange: "j" },
  "AWS::NetworkManager::VpcAttachment": { ProposedNetworkFunctionGroupChange: "j" },
  "AWS::Route53::RecordSet": { GeoProximityLocation: "j" },
};
const furtherAttributes = {
  "AWS::Elasticsearch::Domain": { DomainArn: "s" },
  "AWS::OpenSearchService::Domain": { DomainArn: "s" },
};
for (const type of [
  "AWS::CodeBuild::SourceCredential",
  "AWS::CodeCommit::Repository",
  "AWS::Config::DeliveryChannel",
  "AWS::DAX::ParameterGroup",
  "AWS::DLM::LifecyclePolicy",
  "AWS::DMS::EventSubscription",
  "AWS::DMS::ReplicationSubnetGroup",
  "AWS::DMS::ReplicationTask",
  "AWS::DocDB::DBClusterParameterGroup",
  "AWS::DocDB::DBSubnetGroup",
  "AWS::EMR::InstanceGroupConfig",
  "AWS::Glue::Classifier",
  "AWS::Glue::Connection",
  "AWS::Glue::CustomEntityType",
  "AWS::Glue::DataQualityRuleset",
  "AWS::Glue::MLTransform",
  "AWS::Glue::Partition",
  "AWS::Glue::SecurityConfiguration",
  "AWS::Glue::TableOptimizer",
  "AWS::Glue::Workflow",
  "AWS::IoT::ThingPrincipalAttachment",
  "AWS::MediaConvert::JobTemplate",
  "AWS::MediaConvert::Preset",
  "AWS::MediaConvert::Queue",
  "AWS::OpsWorksCM::Server",
  "AWS::Route53::RecordSet",
  "AWS::SES::ReceiptRuleSet",
  "AWS::SageMaker::CodeRepository",
  "AWS::SageMaker::EndpointConfig",
  "AWS::SageMaker::NotebookInstance",
  "AWS::SageMaker::NotebookInstanceLifecycleConfig",
  "AWS::SageMaker::Workteam",
]) {
  furtherAttributes[type] = { Id: "s" };
}
const sorted = (entries) => entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const scalars = { string: "s", boolean: "b", integer: "i", number: "n", json: "j", "date-time": "s" };
const tag = { Key: { type: { type: "string" }, required: true }, Value: { type: { type: "string" }, required: true } };

function line(resource) {
  const places = new Map();
  const structures = [];
  const values = [];

  function allowed(of) {
    const written = (of.allowedValues ?? []).map(String);
    if (written.length < leastValues || written.length > mostValues) return "";
    const same = values.findIndex((list) => list.join("\n") === written.join("\n"));
    return `@${same < 0 ? values.push(written) - 1 : same}`;
  }

  function place(key, properties) {
    if (!places.has(key)) {
      places.set(key, structures.length);
      structures.push(undefined);
      structures[places.get(key)] = members(properties, false);
    }
    return `#${places.get(key)}`;
  }

  function type(of) {
    switch (of.type) {
      case "array":
        return `[${type(of.element)}`;
      case "map":
        return `{${type(of.element)}`;
      case "union":
        return `(${[...new Set(of.types.map(type))].join("|")})`;
      case "tag":
        return place("tag", tag);
      case "ref":
        return place(of.reference.$ref, db.get("typeDefinition", of.reference).properties);
      default:
        if (!(of.type in scalars)) throw new Error(`${resource.cloudFormationType}: type ${of.type}`);
        return scalars[of.type] + allowed(of);
    }
  }

  const extra = new Set((resource.additionalReplacementProperties ?? []).map(([name]) => name));
  const mayReplace = (of, seen) => {
    if (of.type === "array" || of.type === "map") return mayReplace(of.element, seen);
    if (of.type === "union") return of.types.some((one) => mayReplace(one, seen));
    if (of.type !== "ref" || seen.has(of.reference.$ref)) return false;
    seen.add(of.reference.$ref);
    return Object.values(db.get("typeDefinition", of.reference).properties).some(
      (one) => ["yes", "maybe"].includes(one.causesReplacement) || mayReplace(one.type, seen),
    );
  };
  const replacement = (name, property) =>
    property.causesReplacement === "yes" ? "+"
    : property.causesReplacement === "maybe" || extra.has(name) || mayReplace(property.type, new Set()) ? "~"
    : "";

  function members(properties, areOfResource) {
    return Object.fromEntries(
      sorted(Object.entries(properties)).map(([name, property]) => [
        name,
        `${property.required ? "!" : ""}${areOfResource ? replacement(name, property) : ""}${type(property.type)}`,
      ]),
    );
  }

  const schema = {
    i: resource.primaryIdentifier,
    r: resource.cfnRefIdentifier,
    n: resource.arnTemplate,
    t: resource.tagInformation?.tagPropertyName,
    a: { ...members(resource.attributes, false), ...furtherAttributes[resource.cloudFormationType] },
    p: { ...members(resource.properties, true), ...furtherProperties[resource.cloudFormationType] },
    d: structures,
    v: values.length === 0 ? undefined : values,
  };
  return `${resource.cloudFormationType}\t${JSON.stringify(schema)}\n`;
}

// What needs a transform is none that CloudFormation itself holds.
const lines = sorted(
  db
    .all("resource")
    .filter((resource) => !resource.cloudFormationTransform)
    .map((resource) => [resource.cloudFormationType, line(resource)]),
);

if (process.argv.includes("--text")) {
  process.stdout.write(lines.map(([, written]) => written).join(""));
} else {
  const services = {};
  for (const [name, written] of lines) {
    const service = name.split("::").slice(0, 2).join("::");
    services[service] = (services[service] ?? "") + written;
  }
  // A small window: a reader holds it in memory.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 18 };
  const entries = Object.fromEntries(Object.entries(services).map(([service, text]) => [service, brotliCompressSync(text, { params })]));
  const compressed = zipSync(entries, { level: 0, mtime: "1980-01-01T00:00:00" });
  writeFileSync(new URL("../schemas.zip", import.meta.url), compressed);
  console.log(`${lines.length} types of ${Object.keys(services).length} services, ${compressed.length} bytes`);
}
