using System.Text;
using System.Text.Json;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Tests.Npm;

namespace Deployer.Rehearsal.Tests.CloudFormation.Schemas;

public sealed class ResourceSchemasTests
{
    private static readonly string Folder = Repository.At("rehearsal/CloudFormation/Schemas");

    [Fact]
    public void Are_what_the_generator_writes_from_its_pinned_package()
    {
        var (exit, generated) = new NodeGenerator(Path.Combine(Folder, "generate")).Run("generate.mjs", "--text");

        exit.ShouldBe(0, generated);
        var embedded = ResourceSchemas.Lines().Order(StringComparer.Ordinal);
        generated
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .SequenceEqual(embedded, StringComparer.Ordinal)
            .ShouldBeTrue("schemas.zip is not what generate.mjs writes");
    }

    [Fact]
    public void Are_small() => new FileInfo(Path.Combine(Folder, "schemas.zip")).Length.ShouldBeLessThan(400_000);

    [Fact]
    public void Name_no_type_that_needs_a_transform() =>
        ResourceSchemas.Names.ShouldNotContain(name => name.StartsWith("AWS::Serverless::", StringComparison.Ordinal));

    [Fact]
    public void Agree_with_the_registrys_own_schemas_on_what_replaces_a_resource()
    {
        var path = Repository.Shared("facts/cloudformation-types.json");
        Assert.SkipWhen(path is null, "shared/facts is not beside this checkout: the schemas were compared with nothing");
        using var facts = JsonDocument.Parse(File.ReadAllText(path!));
        var (compared, differing) = (0, new List<string>());
        foreach (var (name, type) in Types(facts.RootElement))
        {
            if (ResourceSchemas.Find(name) is not { } schema)
            {
                continue;
            }

            compared++;
            var always = ReplacementRules.FromSchema(schema).Always.ToHashSet();
            var createOnly = type.GetProperty("createOnly")
                .EnumerateArray()
                .Select(one => one.GetString()!)
                .Where(one => !one.Contains('/'));
            differing.AddRange(
                createOnly
                    .Where(one => schema.Properties.ContainsKey(one) && !always.Contains(one))
                    .Select(property => $"{name}.{property}")
            );
        }

        compared.ShouldBeGreaterThan(1_400);

        // Two sources of two dates: a handful may differ.
        differing.Count.ShouldBeLessThan(40, string.Join('\n', differing));
    }

    [Fact]
    public void The_document_lists_every_type_and_says_how_it_is_simulated()
    {
        var path = Repository.At("docs/rehearsal-resource-types.md");
        var written = Document();
        if (Environment.GetEnvironmentVariable("DEPLOYER_APPROVE") == "1")
        {
            File.WriteAllText(path, written);
        }

        File.ReadAllText(path).ShouldBe(written, "write it anew with DEPLOYER_APPROVE=1");
    }

    private static string Document()
    {
        var own = ReplacementRules.Types.Order(StringComparer.Ordinal).ToList();
        var document = new StringBuilder(
            """
            # Resource types in a rehearsal

            Written by a test from what the rehearsal knows (`DEPLOYER_APPROVE=1`); do not edit it.

            ## With a model of their own

            The service behind these is simulated, or at least the permissions, names and times of its resources. `validate --rehearsal`
            and rehearsals refuse the properties that a type is listed *without*, and other values than those listed; the rest is
            simulated in creations and updates, or has no effect that a rehearsal could show.


            """
        );
        foreach (var type in own)
        {
            document.Append("- ").Append(type);
            if (SimulatedProperties.Limits(type) is { Count: > 0 } limits)
            {
                document.Append(": ").AppendJoin(", ", limits);
            }

            document.Append('\n');
        }

        document.Append(
            """

            ## By their schema

            Properties and their types are checked, `Ref` and `Fn::GetAtt` give values of the service's form, a change set says what is
            replaced. Nothing else is simulated: what the service does with a resource, and whether the role may make it, is not judged.
            The result of a rehearsal names the resources of these types (`simulatedBySchema`), and custom resources
            (`AWS::CloudFormation::CustomResource`, `Custom::…`), which answer what `accounts/custom-resources.yaml` says, or
            placeholders:

            ```yaml
            Custom::Certificate:              # a type; or STACK/LOGICALID for one resource
              physicalId: certificate-1       # what Ref gives; generated when it is left out
              outputs:                        # what Fn::GetAtt gives; placeholders when they are left out
                Arn: arn:aws:acm:us-east-1:${account}:certificate/1
            ```


            """
        );
        foreach (
            var service in ResourceSchemas
                .Names.Where(name => !own.Contains(name))
                .GroupBy(name => string.Join("::", name.Split("::")[..2]))
                .OrderBy(group => group.Key, StringComparer.Ordinal)
        )
        {
            var kinds = service.Select(name => name[(service.Key.Length + 2)..]).Order(StringComparer.Ordinal);
            document.Append("- ").Append(service.Key).Append(": ").AppendJoin(", ", kinds).Append('\n');
        }

        return document.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<(string Name, JsonElement Type)> Types(JsonElement root) =>
        root.EnumerateObject()
            .Where(type => type.Value.ValueKind == JsonValueKind.Object && type.Value.TryGetProperty("createOnly", out _))
            .Select(type => (type.Name, type.Value));
}
