using Amazon.EC2.Model;
using Amazon.Lambda.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>
/// Gives Lambda functions the address of Datomic: finds the DNS name and the functions, then has each function's variables written, and
/// waits for the updates. Values are never recorded or reported, only their names.
/// </summary>
public sealed class EndpointWork(LedgerTable ledger)
{
    private readonly EndpointFunctions _functions = new(ledger);

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
        var functions = (await _functions.Find(run, step))
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
            switch (await FunctionVariables.Apply(run.Account.Lambda, name, wanted, run.Step<EndpointStep>().Alias))
            {
                case AppliedVariables.Written:
                    await run.Save(run.Record.Keep<InjectedFunctions>(kept => kept.And(name)));
                    pending.Add(name);
                    break;
                case AppliedVariables.Pending:
                    pending.Add(name);
                    break;
                case AppliedVariables.Refused refused:
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
        var functions = await _functions.Find(run, run.Step<EndpointStep>());
        return await OwningStacks.Find(run.Account, functions.Select(function => function.FunctionArn));
    }

    /// <summary>Compares the functions, and the versions of them that are published, with what they should have.</summary>
    /// <param name="run">The step.</param>
    /// <param name="progress">How far the comparison has come.</param>
    /// <exception cref="NotYetException">The endpoint is still being made.</exception>
    /// <exception cref="EndpointUnavailableException">It will not become available as it stands.</exception>
    /// <exception cref="EndpointNotInjectedException">There is no such function.</exception>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        var step = run.Step<EndpointStep>();
        var wanted = Wanted(run, await Dns(run, step));
        return await _functions.Versions(run, step, wanted, progress) is { } versions
            ? await new EndpointComparison(run.Account.Lambda, step.Alias).Compare(versions, progress)
            : new Comparison.Unfinished();
    }

    /// <summary>
    /// The values of the step's variables that the functions have, each as a digest: they may be secret, and any other one is a change by
    /// hand, also where the comparison only says that a function has not the wanted one.
    /// </summary>
    public async Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run)
    {
        if (run.UnknownReferences().Count > 0)
        {
            return [];
        }

        var step = run.Step<EndpointStep>();
        var variables = step.Variables.Keys.Order(StringComparer.Ordinal).ToList();
        var facts = new List<LiveFact>();
        foreach (var function in (await _functions.Find(run, step)).OrderBy(function => function.FunctionName, StringComparer.Ordinal))
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
            functions = await _functions.Find(run, step);
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
}
