using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Deployer.Functions;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Cli.Tests.Validation;

/// <summary>Nothing that is accepted is ignored: every key is read by the functions, or refused where it is written.</summary>
public sealed class EveryKeyTests : IDisposable
{
    private const string Refused = "refused";

    // What the file promises of an image or of a replacement: the rules hold other keys against it, and AWS never gets it.
    private const string Checked = "checked by the rules alone";

    /// <summary>Where each key is used: the property that the functions read.</summary>
    private static readonly Dictionary<string, string> Uses = new()
    {
        ["service"] = $"{nameof(ServiceSpec)}.{nameof(ServiceSpec.Service)}",
        ["repository"] = $"{nameof(ServiceSpec)}.{nameof(ServiceSpec.Repository)}",
        ["repository.url"] = $"{nameof(RepositorySpec)}.{nameof(RepositorySpec.Url)}",
        ["repository.connection"] = $"{nameof(RepositorySpec)}.{nameof(RepositorySpec.Connection)}",
        ["targets"] = $"{nameof(ServiceSpec)}.{nameof(ServiceSpec.Targets)}",
        ["targets.*.account"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Account)}",
        ["targets.*.region"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Region)}",
        ["targets.*.role"] = Refused,
        // Values are what references resolve to.
        ["targets.*.values"] = $"{nameof(ServiceSpec)}.{nameof(ServiceSpec.Resolver)}",
        ["targets.*.approval"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Approval)}",
        ["targets.*.approval.for"] = $"{nameof(ApprovalSpec)}.{nameof(ApprovalSpec.For)}",
        ["targets.*.approval.expireAfter"] = $"{nameof(ApprovalSpec)}.{nameof(ApprovalSpec.ExpireAfter)}",
        ["targets.*.drift"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Drift)}",
        ["targets.*.notifications"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Notifications)}",
        ["targets.*.onStackChange"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.OnStackChange)}",
        ["targets.*.instances"] = $"{nameof(TargetSpec)}.{nameof(TargetSpec.Instances)}",
        ["targets.*.instances.steps"] = $"{nameof(InstancesSpec)}.{nameof(InstancesSpec.StepNames)}",
        ["targets.*.instances.expireAfter"] = $"{nameof(InstancesSpec)}.{nameof(InstancesSpec.ExpireAfter)}",
        ["steps"] = $"{nameof(ServiceSpec)}.{nameof(ServiceSpec.Steps)}",
        ["steps.*.after"] = $"{nameof(StepGraph)}.{nameof(StepGraph.Build)}",
        ["steps.*.stack"] = $"{nameof(StackStep)}.{nameof(StackStep.Stack)}",
        ["steps.*.kind"] = $"{nameof(StackStep)}.{nameof(StackStep.StackKind)}",
        ["steps.*.template"] = $"{nameof(StackStep)}.{nameof(StackStep.Template)}",
        ["steps.*.parameters"] = $"{nameof(StackStep)}.{nameof(StackStep.Parameters)}",
        ["steps.*.tags"] = $"{nameof(StackStep)}.{nameof(StackStep.Tags)}",
        ["steps.*.publish"] = $"{nameof(StackStep)}.{nameof(StackStep.Publish)}",
        ["steps.*.capabilities"] = $"{nameof(StackStep)}.{nameof(StackStep.Capabilities)}",
        ["steps.*.ions"] = $"{nameof(IonsStep)}.{nameof(IonsStep.Folder)}",
        ["steps.*.group"] = $"{nameof(IonsStep)}.{nameof(IonsStep.Group)}",
        ["steps.*.ionDev"] = $"{nameof(IonsStep)}.{nameof(IonsStep.IonDev)}",
        ["steps.*.allowConflicts"] = $"{nameof(IonsStep)}.{nameof(IonsStep.AllowConflicts)}",
        ["steps.*.allowUnpromoted"] = $"{nameof(IonsStep)}.{nameof(IonsStep.AllowUnpromoted)}",
        ["steps.*.bake"] = $"{nameof(IonsStep)}.{nameof(IonsStep.Bake)}",
        ["steps.*.bake.for"] = $"{nameof(BakeSpec)}.{nameof(BakeSpec.Window)}",
        ["steps.*.bake.freeMemory"] = $"{nameof(BakeSpec)}.{nameof(BakeSpec.FreeMemory)}",
        ["steps.*.bake.throttled"] = $"{nameof(BakeSpec)}.{nameof(BakeSpec.Throttled)}",
        ["steps.*.endpoint"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.Endpoint)}",
        ["steps.*.via"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.Via)}",
        ["steps.*.functions"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.FunctionNames)}",
        ["steps.*.functions.names"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.FunctionNames)}",
        ["steps.*.functions.tags"] = Refused,
        ["steps.*.alias"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.Alias)}",
        ["steps.*.variables"] = $"{nameof(EndpointStep)}.{nameof(EndpointStep.Variables)}",
        ["steps.*.service"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Service)}",
        ["steps.*.cluster"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Cluster)}",
        ["steps.*.image"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Image)}",
        ["steps.*.definition"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Definition)}",
        ["steps.*.container"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Container)}",
        ["steps.*.cpu"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Cpu)}",
        ["steps.*.memory"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Memory)}",
        ["steps.*.task"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.TaskCpu)}",
        ["steps.*.task.cpu"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.TaskCpu)}",
        ["steps.*.task.memory"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.TaskMemory)}",
        ["steps.*.environment"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Environment)}",
        ["steps.*.secrets"] = $"{nameof(ServiceStep)}.{nameof(ServiceStep.Secrets)}",
        ["steps.*.transactor"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Transactor)}",
        ["steps.*.version"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Version)}",
        ["steps.*.java"] = Checked,
        ["steps.*.mode"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Mode)}",
        ["steps.*.allowWriteGap"] = Checked,
        ["steps.*.heap"] = $"{nameof(TransactorSize)}.{nameof(TransactorSize.Heap)}",
        ["steps.*.table"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Table)}",
        ["steps.*.logGroup"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.LogGroup)}",
        ["steps.*.properties"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Properties)}",
        ["steps.*.javaOptions"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.JavaOptions)}",
        ["steps.*.watch"] = $"{nameof(TransactorStep)}.{nameof(TransactorStep.Watch)}",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-keys-").FullName;

    [Fact]
    public void Every_key_of_the_schema_is_here() => Keys(Schema(), "").Distinct().Order().ShouldBe(Uses.Keys.Order());

    [Fact]
    public void What_is_accepted_is_read_by_the_functions() =>
        Uses.Values.Where(use => use is not (Refused or Checked)).Distinct().Except(ReadByFunctions()).ShouldBeEmpty();

    /// <summary>A step of a kind that is refused is so with all of its keys.</summary>
    [Theory]
    [InlineData("targets.*.role", "approval: false", "role: deployer")]
    [InlineData("steps.*.functions.tags", "functions: { names: [ f ] }", "functions: { tags: { team: a } }")]
    public async Task What_does_not_work_yet_is_refused_with_its_place(string key, string written, string replacement)
    {
        Uses[key].ShouldBe(Refused);
        const string Service = """
            service: inventory
            targets:
              dev: { account: "111111111111", region: us-east-1, approval: false }
            steps:
              a:
                stack: inventory-${target}
                template: t.yaml
              e: { endpoint: vpce-1, via: vpc-endpoint, functions: { names: [ f ] }, variables: { DATOMIC: "${dns}" } }
            """;
        Service.ShouldContain(written);
        await Write("t.yaml", "Resources: { Q: { Type: AWS::SQS::Queue } }");
        await Write("deployer.yaml", Service);
        (await DeployerProcess.Run("validate", _folder)).ExitCode.ShouldBe(0);

        await Write("deployer.yaml", Service.Replace(written, replacement, StringComparison.Ordinal));
        var run = await DeployerProcess.Run("validate", _folder);

        run.ExitCode.ShouldBe(2);
        run.Output.Split('\n')[0].ShouldMatch(@"deployer\.yaml:\d+:\d+: .* not supported yet; expected .+");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task Write(string file, string text) =>
        File.WriteAllTextAsync(Path.Combine(_folder, file), text, TestContext.Current.CancellationToken);

    private static JsonNode Schema() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/deployer.schema.json")))!;

    private static IEnumerable<string> Keys(JsonNode? schema, string path)
    {
        if (schema is not JsonObject known)
        {
            yield break;
        }

        foreach (var (name, property) in known["properties"]?.AsObject() ?? [])
        {
            yield return $"{path}{name}";
            foreach (var key in Keys(property, $"{path}{name}."))
            {
                yield return key;
            }
        }

        var alternatives = new[] { "oneOf", "anyOf" }.SelectMany(word => known[word]?.AsArray() ?? []);
        foreach (var key in alternatives.Append(known["items"]).SelectMany(other => Keys(other, path)))
        {
            yield return key;
        }

        foreach (var key in Keys(known["additionalProperties"], $"{path}*."))
        {
            yield return key;
        }
    }

    /// <summary>The members of the service's description that the functions' code calls.</summary>
    private static HashSet<string> ReadByFunctions()
    {
        using var file = new PEReader(File.OpenRead(typeof(Startup).Assembly.Location));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata
                .MemberReferences.Select(metadata.GetMemberReference)
                .Where(member => member.Parent.Kind == HandleKind.TypeReference)
                .Select(member => (Member: member, Type: metadata.GetTypeReference((TypeReferenceHandle)member.Parent)))
                .Where(member =>
                    metadata.GetString(member.Type.Namespace).StartsWith(typeof(ServiceSpec).Namespace!, StringComparison.Ordinal)
                )
                .Select(member =>
                    $"{metadata.GetString(member.Type.Name)}."
                    + metadata.GetString(member.Member.Name).Replace("get_", "", StringComparison.Ordinal)
                ),
        ];
    }
}
