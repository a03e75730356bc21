using System.IO.Enumeration;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>
/// Gives Lambda functions the address of Datomic: finds the DNS name, then reads, merges and writes each function's
/// environment under its revision id, and waits for the update. Values are never recorded or reported, only their names.
/// </summary>
public sealed class EndpointWork(LedgerTable ledger)
{
    /// <summary>The task that finds DNS name and functions.</summary>
    public const string ResolveTask = "resolve";

    /// <summary>What the names of the tasks that write variables begin with; the number of the batch follows.</summary>
    public const string InjectTask = "inject-";

    /// <summary>The most functions in one batch, so that a batch fits well into one invocation.</summary>
    public const int LargestBatch = 25;

    private const int MostAliasReads = 100;

    /// <summary>After so long in which no look found it, an endpoint is missing.</summary>
    public static readonly TimeSpan TimeUntilMissing = TimeSpan.FromSeconds(20);

    /// <summary>Finds the DNS name of the endpoint and the names of the functions.</summary>
    /// <exception cref="NotYetException">The endpoint is still being made.</exception>
    /// <exception cref="EndpointUnavailableException">It will not become available as it stands.</exception>
    public async Task<EndpointBatches> Resolve(StepRun run)
    {
        var step = run.Step<EndpointStep>();
        var dns = await Found(run, () => Dns(run, step));
        var functions = (await Functions(run, step, allVersions: false))
            .Select(function => function.FunctionName)
            .Order(StringComparer.Ordinal)
            .ToArray();
        await run.Save(
            run.Record.Keep<ResolvedEndpoint>(_ => new() { Dns = dns, Functions = functions }) with
            {
                State = TaskState.Succeeded,
                Action = StepAction.None,
            }
        );
        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = dns,
                Resource = run.Text(step.Endpoint),
                Outputs = new Dictionary<string, string> { ["Dns"] = dns },
            }
        );
        return new EndpointBatches([.. functions.Chunk(LargestBatch).Select((_, number) => number)]);
    }

    /// <summary>Brings the functions of a batch to what they should be: finishes all that is unfinished, then judges.</summary>
    /// <exception cref="NotYetException">Updates are in progress.</exception>
    /// <exception cref="EndpointNotInjectedException">Functions cannot be updated; each with its reason.</exception>
    public async Task<TaskDone> Inject(StepRun run, int batch)
    {
        var resolved =
            (await ledger.Read(TaskRecord.Key(run.Deployment.Deployment, run.Name, ResolveTask)))?.Kept<ResolvedEndpoint>()
            ?? throw new InvalidOperationException($"step '{run.Name}' was not resolved");
        var names = resolved.Functions!.Chunk(LargestBatch).ElementAt(batch);
        var wanted = Wanted(run, resolved.Dns!);
        var pending = new List<string>();
        var failed = new List<string>();
        foreach (var name in names)
        {
            switch (await Apply(run, name, wanted, run.Step<EndpointStep>().Alias))
            {
                case Applied.Written:
                    await run.Save(run.Record.Keep<InjectedFunctions>(kept => kept.And(name)));
                    pending.Add(name);
                    break;
                case Applied.Pending:
                    pending.Add(name);
                    break;
                case Applied.Refused refused:
                    failed.Add($"{name}: {refused.Reason}");
                    break;
            }
        }

        if (pending.Count > 0)
        {
            throw new NotYetException($"{string.Join(", ", pending)} {(pending.Count == 1 ? "is" : "are")} being updated");
        }

        if (failed.Count > 0)
        {
            throw new EndpointNotInjectedException(CauseText.List(failed));
        }

        var action = run.Record.Kept<InjectedFunctions>().Names.Count > 0 ? StepAction.Injected : StepAction.None;
        await run.Save(run.Record with { State = TaskState.Succeeded, Action = action });
        return new TaskDone(TaskOutcome.Succeeded);
    }

    /// <summary>The stacks that made the functions.</summary>
    public async Task<IReadOnlyList<string>> Watched(StepRun run)
    {
        var functions = await Functions(run, run.Step<EndpointStep>(), allVersions: false);
        return await OwningStacks.Find(run.Account, functions.Select(function => function.FunctionArn));
    }

    /// <summary>Compares the functions, and the versions of them that are published, with what they should have.</summary>
    /// <param name="run">The step.</param>
    /// <param name="progress">How far the comparison of aliases has come.</param>
    /// <exception cref="NotYetException">The endpoint is still being made.</exception>
    /// <exception cref="EndpointUnavailableException">It will not become available as it stands.</exception>
    /// <exception cref="EndpointNotInjectedException">There is no such function.</exception>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        var step = run.Step<EndpointStep>();
        var wanted = Wanted(run, await Dns(run, step));
        var functions = await Functions(run, step, allVersions: true);
        var comparison = new EndpointComparison(run.Account.Lambda, wanted, step.Alias);
        return await comparison.Compare(functions, progress);
    }

    /// <summary>
    /// The values of the step's variables that the functions have, each as a digest: they may be secret, and any other one is a change by
    /// hand, also where the comparison only says that a function has not the wanted one.
    /// </summary>
    public async Task<IReadOnlyList<LiveFact>> Look(StepRun run)
    {
        if (run.UnknownReferences().Count > 0)
        {
            return [];
        }

        var step = run.Step<EndpointStep>();
        var variables = step.Variables.Keys.Order(StringComparer.Ordinal).ToList();
        var facts = new List<LiveFact>();
        foreach (
            var function in (await Functions(run, step, allVersions: false)).OrderBy(
                function => function.FunctionName,
                StringComparer.Ordinal
            )
        )
        {
            var present = variables.Select(name => $"{name}={function.Environment?.Variables?.GetValueOrDefault(name)}");
            facts.Add(
                new LiveFact(
                    $"{string.Join(", ", variables)} of function {function.FunctionName}",
                    $"with the digest {Names.Digest(string.Join('\n', present.Prepend(function.FunctionArn)))}"
                )
            );
        }

        return facts;
    }

    /// <summary>
    /// The functions that are there and lack the alias that the step names; none where their names are not known yet. Of a great many the
    /// first are looked at: Lambda answers 15 such reads a second
    /// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    /// <param name="run">The step.</param>
    public async Task<IReadOnlyList<string>> WithoutAlias(StepRun run)
    {
        var step = run.Step<EndpointStep>();
        if (step.Alias is not { } alias || step.FunctionNames.Any(name => run.Evaluate(name).Value is null))
        {
            return [];
        }

        IReadOnlyList<FunctionConfiguration> functions;
        try
        {
            functions = await Functions(run, step, allVersions: false);
        }
        catch (EndpointNotInjectedException)
        {
            // Functions that are not there yet may be made with their alias.
            return [];
        }

        var lacking = new List<string>();
        foreach (var name in functions.Select(function => function.FunctionName).Order(StringComparer.Ordinal).Take(MostAliasReads))
        {
            if (!(await EndpointComparison.Aliases(run.Account.Lambda, name)).Any(known => known.Name == alias))
            {
                lacking.Add(name);
            }
        }

        return lacking;
    }

    /// <summary>
    /// An endpoint that was made a moment ago may not be found yet
    /// (https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html).
    /// </summary>
    private static async Task<string> Found(StepRun run, Func<Task<string>> look)
    {
        try
        {
            return await look();
        }
        catch (EndpointUnavailableException exception)
        {
            await run.Save(
                run.Record.Keep<ResolvedEndpoint>(kept => kept with { MissingSince = kept.MissingSince ?? run.Account.EnteredAt })
            );
            if (run.Since(run.Record.Kept<ResolvedEndpoint>().MissingSince) >= TimeUntilMissing)
            {
                throw;
            }

            throw new NotYetException(exception.Message);
        }
    }

    private static Dictionary<string, string> Wanted(StepRun run, string dns) =>
        run.Step<EndpointStep>().Variables.ToDictionary(variable => variable.Key, variable => run.Text(variable.Value, dns));

    private static async Task<string> Dns(StepRun run, EndpointStep step)
    {
        if (step.Via != EndpointRoute.VpcEndpoint)
        {
            throw new SpecInvalidException(
                $"{step.Position}: via: {EndpointRoutes.Name(step.Via)} is not supported yet; expected vpc-endpoint"
            );
        }

        var id = run.Text(step.Endpoint);
        VpcEndpoint? endpoint;
        try
        {
            endpoint = (
                await run.Account.Ec2.DescribeVpcEndpointsAsync(new DescribeVpcEndpointsRequest { VpcEndpointIds = [id] })
            ).VpcEndpoints?.SingleOrDefault();
        }
        catch (Amazon.EC2.AmazonEC2Exception exception) when (exception.ErrorCode == "InvalidVpcEndpointId.NotFound")
        {
            endpoint = null;
        }

        return endpoint is null
            ? throw new EndpointUnavailableException($"account {run.Target.Account} has no endpoint {id}")
            : EndpointState.Dns(endpoint);
    }

    private async Task<IReadOnlyList<FunctionConfiguration>> Functions(StepRun run, EndpointStep step, bool allVersions)
    {
        var globs = step.FunctionNames.Select(name => run.Text(name)).ToList();
        var others = await OfInstances(run, step);
        var found = await Pages.All(
            marker =>
                run.Account.Lambda.ListFunctionsAsync(
                    new ListFunctionsRequest { Marker = marker, FunctionVersion = allVersions ? FunctionVersion.ALL : null }
                ),
            answer => answer.Functions?.Where(function => Matches(globs, function) && !Matches(others, function)),
            answer => answer.NextMarker
        );
        return found.Count > 0
            ? found
            : throw new EndpointNotInjectedException($"no function of account {run.Target.Account} is named {string.Join(" or ", globs)}");
    }

    /// <summary>
    /// What the step names in development instances: <c>consumer-dev-*</c> matches the functions of <c>dev-x</c> too, and these have an
    /// endpoint of their own.
    /// </summary>
    private async Task<List<string>> OfInstances(StepRun run, EndpointStep step)
    {
        var instances = run.Target.Instances?.StepNames.Contains(run.Name) == true ? await KnownInstances(run) : [];
        return [.. instances.SelectMany(target => step.FunctionNames.Select(name => run.Evaluate(name, target).Value).OfType<string>())];
    }

    /// <summary>The development instances whose names begin with the target's own.</summary>
    private async Task<IReadOnlyList<TargetSpec>> KnownInstances(StepRun run)
    {
        var known = await ledger.Query(InstanceRecord.WithPrefix(run.Deployment.Service, TargetSpec.NameOf(run.Target.Name, string.Empty)));
        return [.. known.Select(found => run.Source.Spec.TargetOrInstance(found.Target)).OfType<TargetSpec>()];
    }

    private static bool Matches(List<string> globs, FunctionConfiguration function) =>
        globs.Exists(glob => FileSystemName.MatchesSimpleExpression(glob, function.FunctionName, ignoreCase: false));

    private static async Task<Applied> Apply(StepRun run, string name, Dictionary<string, string> wanted, string? alias)
    {
        var lambda = run.Account.Lambda;
        GetFunctionConfigurationResponse found;
        try
        {
            found = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
        }
        catch (ResourceNotFoundException)
        {
            return new Applied.Refused("the function no longer exists");
        }

        if (found.LastUpdateStatus == LastUpdateStatus.InProgress)
        {
            return new Applied.Pending();
        }

        if (found.Environment?.Error is { } error)
        {
            return new Applied.Refused(
                $"its variables cannot be read ({error.ErrorCode}), and writing would lose them; allow kms:Decrypt on its key"
            );
        }

        // What was read may be secret and is written back as it was: AWS's words about it may repeat it.
        var read = new SecretValues();
        foreach (var (_, value) in found.Environment?.Variables ?? [])
        {
            read.Add(value);
        }

        var differing = EndpointComparison.Differing(found.Environment?.Variables, wanted);
        if (differing.Count == 0)
        {
            return found.LastUpdateStatus == LastUpdateStatus.Failed
                    ? new Applied.Refused(
                        $"its last update failed: {found.LastUpdateStatusReasonCode}: "
                            + $"{read.Hide(found.LastUpdateStatusReason ?? "no reason")}"
                    )
                : alias is null ? new Applied.Done()
                : await MoveAlias(lambda, found, alias, wanted);
        }

        var merged = new Dictionary<string, string>(found.Environment?.Variables ?? []);
        foreach (var variable in differing)
        {
            merged[variable] = wanted[variable];
        }

        try
        {
            await lambda.UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest
                {
                    FunctionName = name,
                    RevisionId = found.RevisionId,
                    Environment = new Amazon.Lambda.Model.Environment { Variables = merged },
                }
            );
            return new Applied.Written();
        }
        catch (Exception exception)
            when (exception is not (PreconditionFailedException or ResourceConflictException or InvalidParameterValueException))
        {
            var failure = Failure.Translate(exception, read);
            return failure.IsTransient ? throw failure : new Applied.Refused(failure.Message);
        }
        catch (Exception exception) when (exception is PreconditionFailedException or ResourceConflictException)
        {
            // Changed by someone else since it was read: read and merge again on the next try.
            return new Applied.Pending();
        }
        catch (InvalidParameterValueException exception)
        {
            return new Applied.Refused(read.Hide(exception.Message));
        }
    }

    /// <summary>
    /// Moves an alias to a version that has the variables: published versions do not change
    /// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html). Where <c>$LATEST</c> was published already, that
    /// version is found again.
    /// </summary>
    private static async Task<Applied> MoveAlias(
        IAmazonLambda lambda,
        GetFunctionConfigurationResponse latest,
        string alias,
        Dictionary<string, string> wanted
    )
    {
        var name = latest.FunctionName;
        try
        {
            var present = await lambda.GetAliasAsync(new GetAliasRequest { FunctionName = name, Name = alias });
            var weights = present.RoutingConfig?.AdditionalVersionWeights;
            var hasAll = true;
            foreach (var serving in (weights?.Keys ?? Enumerable.Empty<string>()).Prepend(present.FunctionVersion))
            {
                var served = await lambda.GetFunctionConfigurationAsync(
                    new GetFunctionConfigurationRequest { FunctionName = name, Qualifier = serving }
                );
                hasAll &= EndpointComparison.Differing(served.Environment?.Variables, wanted).Count == 0;
            }

            if (hasAll)
            {
                return new Applied.Done();
            }

            var version = await lambda.PublishVersionAsync(
                new PublishVersionRequest { FunctionName = name, RevisionId = latest.RevisionId }
            );
            if (version.State == State.Pending)
            {
                return new Applied.Pending();
            }

            await lambda.UpdateAliasAsync(
                new UpdateAliasRequest
                {
                    FunctionName = name,
                    Name = alias,
                    FunctionVersion = version.Version,
                    RevisionId = present.RevisionId,
                    RoutingConfig = weights is { Count: > 0 } ? new AliasRoutingConfiguration { AdditionalVersionWeights = [] } : null,
                }
            );
            return new Applied.Written();
        }
        catch (ResourceNotFoundException)
        {
            return new Applied.Refused($"it has no alias '{alias}'");
        }
        catch (Exception exception) when (exception is PreconditionFailedException or ResourceConflictException)
        {
            return new Applied.Pending();
        }
    }

    private abstract record Applied
    {
        public sealed record Done : Applied;

        public sealed record Written : Applied;

        public sealed record Pending : Applied;

        public sealed record Refused(string Reason) : Applied;
    }
}
