using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>A copy of the example whose one step is a small stack, deployed once; its target then asks for approvals.</summary>
internal sealed class LogsService : IDisposable
{
    private const string Step = """
          logs:
            stack: inventory-${target}-logs
            template: stacks/logs.yaml
        """;

    private readonly TemporaryFolder _folder = new();

    private LogsService() => Path = CommandLine.CopyInventory(_folder.Path);

    /// <summary>The service's folder.</summary>
    public string Path { get; }

    /// <summary>The folder for further files.</summary>
    public string Folder => _folder.Path;

    /// <summary>Where the accounts are kept.</summary>
    public string State => System.IO.Path.Combine(_folder.Path, "state");

    /// <summary>Deploys the stack, then has the target ask for approval.</summary>
    public static async Task<LogsService> Deployed()
    {
        var service = new LogsService();
        await SmallService.WriteAlone(service.Path, Step);
        await service.Retain(1);
        (await service.Run("rehearse")).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await service.Change("region: us-east-1, ", "region: us-east-1, approval: true, ");
        return service;
    }

    /// <summary>Changes <c>deployer.yaml</c>.</summary>
    public Task Change(string from, string to) => SmallService.Change(Path, "deployer.yaml", from, to);

    /// <summary>Changes the template: for how many days the log is kept.</summary>
    public Task Retain(int days) =>
        File.WriteAllTextAsync(
            System.IO.Path.Combine(Path, "stacks", "logs.yaml"),
            $$"""
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: inventory-dev-orders, RetentionInDays: {{days}} }

            """
        );

    /// <summary>Runs a command over the service and its accounts.</summary>
    public Task<CommandResult> Run(string command, params string[] options) =>
        CommandLine.InProcess([command, Path, "--target", "dev", "--state", State, .. options]);

    public void Dispose() => _folder.Dispose();
}
