using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;

namespace Deployer.Functions.Checks;

/// <summary>
/// Runs every check along the way that a deployment takes: with the deployer's own role, and in the target's account with the role that it
/// takes there.
/// </summary>
public sealed class Checklist(
    IAws aws,
    Settings settings,
    Sources sources,
    IEnumerable<ICheck> checks,
    IEnumerable<IWaitingCheck> waitingChecks
)
{
    /// <summary>What is said of checks that have no way into the target's account.</summary>
    internal const string NotEntered = "not checked, since the target's account cannot be entered";

    private const string TargetRole = "target-role";

    /// <summary>Runs all checks, or looks again at those that have not ended.</summary>
    /// <param name="input">What is asked for.</param>
    /// <param name="request">The request itself.</param>
    /// <exception cref="SpecInvalidException">The service's files are wrong, or are of another service.</exception>
    public Task<CheckAnswer> Run(CheckInput input, CheckRequest request) =>
        input switch
        {
            { Begun: { } begun } => LookAgain(input, begun, request),
            { Source: { } source } => RunAll(input, source, request),
            _ => throw new SpecInvalidException(
                """the input lacks source; expected {"service": …, "target": …, "source": {"bucket": …, "key": …} }"""
            ),
        };

    private async Task<CheckAnswer> RunAll(CheckInput input, SourceObject place, CheckRequest request)
    {
        var source = await sources.Keep(place);
        using var run = new CheckRun(request.Id, source, Target(source, input), request.Account)
        {
            Folder = input.Folder ?? CheckRun.AnyFolder,
        };
        var results = new List<CheckResult> { await Enter(run) };
        foreach (var check in checks)
        {
            results.AddRange(await Results(check.Name, check.NeedsTarget, run, () => check.Run(run)));
        }

        var waiting = new List<WaitingFor>();
        foreach (var check in waitingChecks)
        {
            results.AddRange(
                await Results(
                    check.Name,
                    check.NeedsTarget,
                    run,
                    async () =>
                    {
                        if (await check.Begin(run) is { } key)
                        {
                            waiting.Add(new WaitingFor(check.Name, key, check.Patience));
                        }

                        return [];
                    }
                )
            );
        }

        return new CheckAnswer(results, new BegunChecks(run.Id, source.Digest, waiting));
    }

    private async Task<CheckAnswer> LookAgain(CheckInput input, BegunChecks begun, CheckRequest request)
    {
        var source = await sources.Read(input.Service, begun.Digest);
        using var run = new CheckRun(begun.Id, source, Target(source, input), request.Account)
        {
            Folder = input.Folder ?? CheckRun.AnyFolder,
        };
        var results = new List<CheckResult>();
        var waiting = new List<WaitingFor>();
        foreach (var one in begun.Waiting)
        {
            var check = waitingChecks.First(known => known.Name == one.Check);
            results.AddRange(
                await Results(
                    check.Name,
                    needsTarget: false,
                    run,
                    async () =>
                    {
                        if (await check.ReadBegun(run, one.Key, input.GivenUp?.Contains(check.Name) == true) is { } result)
                        {
                            return [result];
                        }

                        waiting.Add(one);
                        return [];
                    }
                )
            );
        }

        return new CheckAnswer(results, begun with { Waiting = waiting });
    }

    private async Task<CheckResult> Enter(CheckRun run)
    {
        var (account, region) = (run.Target.Account, run.Target.Region);
        var role = settings.TargetRole(account);
        if (!settings.AllowedTargets.Contains(account))
        {
            return CheckResult.Problem(
                TargetRole,
                $"the deployer of stage {settings.Stage} may not deploy to account {account}",
                $"add it: deployer bootstrap tools --stage {settings.Stage} --parameter AllowedTargets={account}"
            );
        }

        try
        {
            run.Entered = await aws.Enter(account, region, Names.Session($"check-{run.Id}"));
            return CheckResult.Ok(TargetRole, $"the deployer assumes {role}");
        }
        catch (Exception exception) when (Failure.Translate(exception) is { IsTransient: false } failure)
        {
            return CheckResult.Problem(
                TargetRole,
                $"the deployer cannot assume {role}: {failure.Message}",
                $"make or update the role with the deployer's account, and the external id if one is asked for: deployer bootstrap target "
                    + $"--stage {settings.Stage} --tools-account {run.ToolsAccount}"
            );
        }
    }

    private static async Task<IReadOnlyList<CheckResult>> Results(
        string name,
        bool needsTarget,
        CheckRun run,
        Func<Task<IReadOnlyList<CheckResult>>> check
    )
    {
        if (needsTarget && run.Entered is null)
        {
            return [CheckResult.Notice(name, NotEntered)];
        }

        try
        {
            return await check();
        }
        catch (Exception exception)
        {
            return [CheckResult.NotChecked(name, exception)];
        }
    }

    private static TargetSpec Target(ServiceSource source, CheckInput input) =>
        source.Spec.Service != input.Service
            ? throw new SpecInvalidException(
                $"the request is for service '{input.Service}', deployer.yaml describes '{source.Spec.Service}'"
            )
            : source.Spec.TargetOrInstance(input.Target)
                ?? throw new SpecInvalidException(
                    $"deployer.yaml has no target '{input.Target}'; "
                        + $"expected one of {string.Join(", ", source.Spec.Targets.Select(known => known.Name))}"
                );
}

/// <summary>The request in which checks run.</summary>
/// <param name="Id">Its id, which is the run's.</param>
/// <param name="Account">The deployer's own account.</param>
public sealed record CheckRequest(string Id, string Account);
