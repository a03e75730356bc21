namespace Deployer.Acceptance.Tests.Running;

/// <summary>A copy of the example with fewer steps, which takes less time: a query group, its network, and what a test adds.</summary>
internal static class SmallService
{
    private const string Start = """
        service: inventory
        repository:
          url: https://github.com/acme/inventory
          connection: "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        targets:
          dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev, promotesFrom: "" } }
        steps:

        """;

    private const string Network = """
          group:
            stack: inventory-${target}
            kind: datomic-query-group
            template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json
            parameters: { SystemName: "${system}", KeyName: datomic, ApplicationName: inventory, Ions: "Yes" }
          network:
            stack: inventory-${target}-network
            template: stacks/network.yaml
            parameters: { LoadBalancer: "${steps.group.outputs.LoadBalancer}", SystemName: "${system}" }
            after: [ group ]

        """;

    /// <summary>Writes the service's file with a group, its network and further steps.</summary>
    /// <param name="service">The copy's folder.</param>
    /// <param name="steps">The further steps, indented by two.</param>
    public static Task Write(string service, string steps) =>
        File.WriteAllTextAsync(Path.Combine(service, "deployer.yaml"), $"{Start}{Network}{steps}\n");

    /// <summary>Writes the service's file with these steps alone.</summary>
    public static Task WriteAlone(string service, string steps) =>
        File.WriteAllTextAsync(Path.Combine(service, "deployer.yaml"), $"{Start}{steps}\n");

    /// <summary>Gives the service a pipeline template of its own, with one part of it changed.</summary>
    public static async Task OwnPipeline(string service, string from, string to)
    {
        const string Path = "accounts/pipeline.yaml";
        File.Copy(
            System.IO.Path.Combine(Repository.Root, "tests", "acceptance", "Fixtures", "pipeline.yaml"),
            System.IO.Path.Combine(service, Path)
        );
        await Change(service, Path, from, to);
    }

    /// <summary>Has the accounts make the pipeline template of the service's own in place of the deployer's.</summary>
    public static async Task TakeOwnPipeline(string service)
    {
        const string Accounts = "accounts/accounts.yaml";
        await Change(service, Accounts, "pipeline: inventory-pipeline-${target} ", "pipeline: inventory-${target} ");
        await Change(service, Accounts, "template: deployer/pipeline\n", "template: pipeline.yaml\n");
        await Change(
            service,
            Accounts,
            "      Service: inventory\n      Name: inventory-pipeline-${target}\n",
            "      Target: \"${target}\"\n"
        );
        await SmallService.Drop(service, Accounts, "      Repository: acme/inventory\n      FirstStage", "ions:");
    }

    /// <summary>Lets CloudFormation do more in the target's account, as a service needs whose templates make other things.</summary>
    public static async Task AllowCloudFormation(string service, params string[] actions)
    {
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "more.yaml"),
            $$"""
            Resources:
              More:
                Type: AWS::IAM::Policy
                Properties:
                  PolicyName: more
                  Roles: [deployer-dev-cloudformation]
                  PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: [ {{string.Join(
                ", ",
                actions.Select(action => $"'{action}'")
            )}} ], Resource: "*" } ] }
            """
        );
        await Change(
            service,
            "accounts/accounts.yaml",
            "    stack: ${system}\n",
            "    stack: more\n    template: more.yaml\n  - account: target\n    stack: ${system}\n"
        );
    }

    /// <summary>Changes a file of the service.</summary>
    public static async Task Change(string service, string file, string from, string to)
    {
        var path = Path.Combine(service, file);
        var text = await File.ReadAllTextAsync(path);
        text.ShouldContain(from);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Leaves out a part of a file of the service.</summary>
    /// <param name="service">The copy's folder.</param>
    /// <param name="file">The file.</param>
    /// <param name="from">How the part begins.</param>
    /// <param name="to">How what follows it begins.</param>
    public static async Task Drop(string service, string file, string from, string to)
    {
        var path = Path.Combine(service, file);
        var text = await File.ReadAllTextAsync(path);
        var start = text.IndexOf(from, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0);
        await File.WriteAllTextAsync(path, text.Remove(start, text.IndexOf(to, start, StringComparison.Ordinal) - start));
    }
}
