using System.Text.Json.Nodes;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Rehearsals;
using Deployer.Cli.Validation;
using Deployer.Spec.Sources;

namespace Deployer.Acceptance.Tests;

/// <summary>Resource types without a model of their own, custom resources, and what cannot be simulated.</summary>
public sealed class SimulatedBySchemaTests : IDisposable
{
    private const string Queue = """
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Queues: [ Name, [ Orders, Returns ], { "${Name}": { Type: AWS::SQS::Queue } } ]
          Maker: { Type: Custom::Maker, Version: "1.0", Properties: { ServiceToken: !Sub "arn:aws:sns:us-east-1:${AWS::AccountId}:m" } }
          Named: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt Maker.Name } }
        Outputs: { Url: { Value: !Ref Named } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_accounts_of_another_target_hold_is_no_matter_of_this_one()
    {
        await CommandLine.InProcess("plan", CommandLine.Inventory, "--target", "prod", "--state", _folder.Path);

        var dev = await CommandLine.InProcess("deploy", CommandLine.Inventory, "--target", "dev", "--rehearsed", _folder.Path);

        dev.ExitCode.ShouldBe(0, dev.Terminal);
        dev.Terminal.ShouldNotContain("-prod: ");
    }

    [Fact]
    public async Task The_result_names_what_was_simulated_by_its_schema_alone()
    {
        var service = await Service(Queue);
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "custom-resources.yaml"),
            "Custom::Maker: { outputs: { Name: \"made-for-${target}\" } }\n"
        );

        var result = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        result.ExitCode.ShouldBe(0, result.Json);
        JsonNode.Parse(result.Json)!["simulatedBySchema"]!
            .AsArray()
            .Select(one => $"{one!["stack"]}/{one["logicalId"]} {one["type"]}")
            .ShouldBe([
                "inventory-dev-t/Maker Custom::Maker",
                "inventory-dev-t/Named AWS::SQS::Queue",
                "inventory-dev-t/Orders AWS::SQS::Queue",
                "inventory-dev-t/Returns AWS::SQS::Queue",
            ]);
    }

    [Fact]
    public async Task What_cannot_be_simulated_is_reported_at_once_before_anything_runs()
    {
        var service = await Service(
            """
            Transform: Explode
            Hooks: { B: { Type: AWS::CodeDeploy::BlueGreen } }
            Resources: { T: { Type: AWS::SNS::Topic } }
            """
        );
        string[] expected =
        [
            "stacks/t.yaml:1:12: the rehearsal does not support the transform Explode; "
                + "expected AWS::Serverless-2016-10-31, AWS::LanguageExtensions, or what the transform makes",
            "stacks/t.yaml:2:1: the rehearsal does not support the section Hooks, "
                + "with which CodeDeploy shifts traffic between ECS task sets; "
                + "expected a template without it, or rehearsals without this stack",
        ];

        var rehearsed = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        (rehearsed.ExitCode, rehearsed.Report.Error).ShouldBe((2, "RehearsalUnsupported"));
        rehearsed.Report.Cause!.Split('\n').ShouldBe(expected);
        RehearsalFaultsOf(service).ShouldBe(expected);
    }

    /// <summary>What <c>deployer validate --rehearsal</c> reports.</summary>
    private static IReadOnlyList<string> RehearsalFaultsOf(string service)
    {
        var files = ServiceFiles.Check(service, new DiskFolder(service));
        var report = RehearsalFaults.AddTo(ValidationReport.Check(service, files, []), service, files);
        report.Verdict.ShouldBe("invalid");
        return [.. report.Faults.Select(fault => $"{fault.File}:{fault.Line}:{fault.Column}: {fault.Problem}; expected {fault.Expected}")];
    }

    private async Task<string> Service(string template)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        Directory.CreateDirectory(Path.Combine(service, "stacks"));
        await File.WriteAllTextAsync(Path.Combine(service, "stacks", "t.yaml"), template);
        await File.WriteAllTextAsync(
            Path.Combine(service, "deployer.yaml"),
            """
            service: inventory
            repository:
              url: https://github.com/acme/inventory
              connection: "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
            targets:
              dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev, promotesFrom: "" } }
            steps:
              t: { stack: "inventory-${target}-t", template: stacks/t.yaml }
            """
        );
        return service;
    }
}
