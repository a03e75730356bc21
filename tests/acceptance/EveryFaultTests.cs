using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.World;

namespace Deployer.Acceptance.Tests;

/// <summary>The example, with a bake, under each fault that can be rehearsed: how it ends, and that nothing is left locked.</summary>
public sealed class EveryFaultTests : IDisposable
{
    private const string NoError = "";
    private const string NoTarget = "FaultTargetUnknown";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Each fault and the error with which the deployment ends.</summary>
    public static TheoryData<string, string> Ends { get; } =
        new()
        {
            { "alert-after-deploy", "IonsBakeFailedNoWayBackException" },
            { "connection-lost-after:cloudformation:ExecuteChangeSet", NoError },
            { "connection-lost-before:lambda:UpdateFunctionConfiguration", NoError },
            { "events-disordered", NoError },
            { "events-lost", NoError },
            { "events-twice", NoError },
            { "ion-deploy-hangs", "StepTimedOutException" },
            { "ion-load-fails", "IonsRolledBackException" },
            { "lambdas-half-fail", "LambdasNotConfiguredException" },
            { "notification-fails", NoError },
            { "memory-low-after-deploy", "IonsBakeFailedNoWayBackException" },
            { "rollback-fails", "StackFailedException" },
            { "rollback-hangs", "StepTimedOutException" },
            { "server-error:cloudformation:CreateChangeSet", NoError },
            { "stack-never-ends", "StepTimedOutException" },
            { "stack-rolls-back", "StackFailedException" },
            // The example has no ECS service that these could strike.
            { "deployment-alarm", NoTarget },
            { "image-cannot-be-pulled", NoTarget },
            { "image-is-missing", NoTarget },
            { "peers-stay-away", NoTarget },
            { "targets-are-unhealthy", NoTarget },
            { "tasks-are-not-placed", NoTarget },
            { "tasks-are-unhealthy", NoTarget },
            { "tasks-do-not-start", NoTarget },
            { "tasks-run-out-of-memory", NoTarget },
            { "transactor-does-not-stand-by", NoTarget },
            { "transactor-does-not-take-over", NoTarget },
            { "transactor-reports-alarms", NoTarget },
            { "transactor-runs-out-of-memory", NoTarget },
            { "throttled:dynamodb:PutItem", NoError },
            { "throttled-after-deploy", "IonsBakeFailedNoWayBackException" },
            { "validation-fails", "StackFailedException" },
        };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_has_every_fault() =>
        Ends.Select(row => Faults.Parse(row.Data.Item1).Name).ShouldBe(Faults.Known.Select(fault => fault.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_deployment_ends_as_it_should_and_leaves_nothing_locked(string fault, string error)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var description = Path.Combine(service, "deployer.yaml");
        await File.WriteAllTextAsync(
            description,
            (await File.ReadAllTextAsync(description)).Replace(
                "    allowConflicts:",
                "    bake: 5m\n    allowConflicts:",
                StringComparison.Ordinal
            )
        );

        var ended = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--fault", fault);

        var report = ended.Report;
        (report.Error ?? NoError).ShouldBe(error, report.Cause);
        (report.Verdict, ended.ExitCode).ShouldBe(
            error switch
            {
                NoError => (Verdict.Succeeded, 0),
                NoTarget => (Verdict.Invalid, 2),
                _ => (Verdict.Failed, 1),
            }
        );
        (report.LocksHeld, report.WaitsOpen).ShouldBe((0, 0));
    }
}
