namespace Deployer.Cli.Tests.Rehearsals;

/// <summary>A service of one stack in a folder of its own, with the example's accounts: quickly rehearsed.</summary>
internal sealed class SmallService : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("deployer-small-").FullName;

    public SmallService()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Example, "accounts"), "*.yaml"))
        {
            Write(Path.Combine("service/accounts", Path.GetFileName(file)), File.ReadAllText(file));
        }

        Write(
            "service/accounts/accounts.yaml",
            """
            tools: { account: "222222222222", region: us-east-1 }
            pipeline: inventory-pipeline
            stacks:
              - account: tools
                stack: deployer-${target}
                template: deployer
                parameters: { Stage: "${target}", AllowedTargets: "${account}", PromotesFrom: "" }
              - account: target
                stack: deployer-target-${target}
                template: deployer/target
                parameters: { Stage: "${target}", ToolsAccount: "${tools}", ToolsRegion: us-east-1 }
              - account: target
                stack: deployer-inventory-${target}
                template: deployer/service-access
                parameters: { Stage: "${target}", ToolsAccount: "${tools}", Service: inventory, System: "${system}" }
              - account: tools
                stack: inventory-pipeline
                template: deployer/pipeline
                parameters:
                  Service: inventory
                  Connection: "arn:aws:codeconnections:us-east-1:222222222222:connection/c"
                  Repository: acme/inventory
                  FirstStage: "${target}"
            """
        );
        Write(
            "service/deployer.yaml",
            """
            service: inventory
            repository:
              url: https://github.com/acme/inventory
              connection: "arn:aws:codeconnections:us-east-1:222222222222:connection/c"
            targets:
              dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev } }
            steps:
              group: { stack: "inventory-${target}", template: stacks/group.yaml }
            """
        );
        Write("service/stacks/group.yaml", "Resources: { Log: { Type: AWS::Logs::LogGroup } }\n");
    }

    /// <summary>The service's folder.</summary>
    public string Folder => At("service");

    /// <summary>A folder for the accounts, not there yet.</summary>
    public string State => At("state");

    /// <summary>The command line that rehearses the service, with its accounts kept.</summary>
    public string[] Rehearse => ["rehearse", Folder, "--target", "dev", "--in-process", "--state", State];

    /// <summary>What is deployed from now on has a change, and needs somebody's approval.</summary>
    public void NeedApproval()
    {
        var file = At("service/deployer.yaml");
        File.WriteAllText(
            file,
            File.ReadAllText(file).Replace("datomic-dev } }", "datomic-dev }, approval: true }", StringComparison.Ordinal)
        );
        Write("service/stacks/group.yaml", "Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 3 } } }\n");
    }

    /// <summary>A path beside the service.</summary>
    public string At(string path) => Path.Combine(_root, path);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
