using System.Text;
using Deployer.Cli.Output;
using Deployer.Rehearsal;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.World;
using Deployer.Spec.Rules;

namespace Deployer.Cli.Rehearsals;

/// <summary>Whether there is what the faults of a rehearsal are to strike.</summary>
internal sealed class FaultTargets(RehearsedService service, IReadOnlyDictionary<string, string>? places = null)
{
    // What faults are said to strike: see Faults.Known.
    private const string LogicalId = "LogicalId";
    private const string Lambda = "NAME";
    private const string Request = "SERVICE:OPERATION[:N]";

    private const string Invalid = "FaultTargetUnknown";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json", ".template"];

    private IReadOnlyList<string> Lambdas => [.. service.Spec.Steps.SelectMany(step => step.LambdaNames(service.Source))];

    /// <summary>Checks by the service's files that there is what each fault is to strike, before anything is opened.</summary>
    /// <exception cref="InvalidInputException">
    /// There is no such fault, or nothing that it strikes; the message has a line for each of them.
    /// </exception>
    public async Task Check(FaultArguments given)
    {
        var faults = given.Known;
        var resources = new Lazy<IReadOnlyList<DeclaredResource>?>(AtHand);
        var problems = faults.All.Select(fault => (Fault: fault, Problem: Problem(fault, resources))).Where(IsProblem).ToList();
        if (problems.Count + given.Unknown.Count > 0 && faults.All.Any(IsOfRequests))
        {
            // What is simulated is asked of accounts of its own, so that everything is reported at once and nothing is left behind.
            await using var rehearsal = await RehearsalOpening.Open(new RehearsalOptions { Faults = faults }, inProcess: true);
            problems.AddRange((await rehearsal.RequestFaultsWithoutTarget()).Select(found => (found.Fault, (string?)found.Problem)));
        }

        Refuse(
            given.Unknown.Count > 0 ? FaultArguments.Invalid : Invalid,
            given.Given,
            [.. given.Unknown, .. problems.Select(found => (found.Fault.ToString(), found.Problem!))]
        );
    }

    /// <summary>Checks what the files alone do not show, with what the accounts simulate.</summary>
    /// <exception cref="InvalidInputException">There is no such thing; the message has a line for each fault.</exception>
    public async Task CheckRequests(Faults faults, AwsRehearsal rehearsal) =>
        Refuse(faults, (await rehearsal.RequestFaultsWithoutTarget()).Select(found => (found.Fault, (string?)found.Problem)));

    /// <summary>Checks what the files alone do not show, with a template that is in a prepared account.</summary>
    /// <exception cref="InvalidInputException">There is no such thing; the message has a line for each fault.</exception>
    public async Task CheckPrepared(Faults faults, AwsRehearsal rehearsal)
    {
        var declared = faults.All.Where(NeedsDeclared).ToList();
        if (declared.Count == 0 || AtHand() is not null)
        {
            return;
        }

        // A template that is not at hand is known when the stack is made.
        var resources = await Prepared(rehearsal);
        Refuse(faults, declared.Select(fault => (fault, DeclaredProblem(fault, resources))));
    }

    private static bool IsProblem((Fault Fault, string? Problem) found) => found.Problem is not null;

    private static bool IsOfRequests(Fault fault) => WhatOf(fault) == Request;

    private void Refuse(Faults faults, IEnumerable<(Fault Fault, string? Problem)> found) =>
        Refuse(
            Invalid,
            [.. faults.All.Select(fault => fault.ToString())],
            [.. found.Where(IsProblem).Select(problem => (problem.Fault.ToString(), problem.Problem!))]
        );

    /// <summary>
    /// Refuses what does not exist or strikes nothing, in the order in which it was asked for, each with its place in a file.
    /// </summary>
    private void Refuse(string error, IReadOnlyList<string> given, IReadOnlyList<(string Fault, string Problem)> problems)
    {
        if (problems.Count > 0)
        {
            var lines = given
                .SelectMany(fault => problems.Where(problem => problem.Fault == fault))
                .Select(problem => places?.GetValueOrDefault(problem.Fault) is { } place ? $"{place}: {problem.Problem}" : problem.Problem);
            throw new InvalidInputException(error, string.Join('\n', lines.Distinct()));
        }
    }

    /// <summary>Why a fault strikes nothing, by the service's files; <see langword="null"/> when it strikes something.</summary>
    private string? Problem(Fault fault, Lazy<IReadOnlyList<DeclaredResource>?> resources) =>
        TargetProblem(fault)
        ?? WhatOf(fault) switch
        {
            Lambda => LambdaProblem(fault),
            null when fault.What is not null =>
                $"the fault {fault.Name} strikes nothing that can be named; expected it without ':{fault.What}'",
            _ => NeedsDeclared(fault) ? DeclaredProblem(fault, resources.Value) : null,
        };

    /// <summary>Whether a template has to declare what it strikes: every template has a resource, not every one a certain kind.</summary>
    private static bool NeedsDeclared(Fault fault) => IsContainer(fault) || (WhatOf(fault) == LogicalId && fault.What is not null);

    private static bool IsContainer(Fault fault) => KindOf(fault).Target == FaultTarget.EcsService;

    private static string? WhatOf(Fault fault) => KindOf(fault).What;

    private static FaultKind KindOf(Fault fault) => Faults.Known.First(known => known.Name == fault.Name);

    private string? TargetProblem(Fault fault)
    {
        switch (KindOf(fault).Target)
        {
            // A Lambda function may be one of another kind of step.
            case FaultTarget.Ions when !service.Spec.Steps.Any(step => step.DeploysIons) && (WhatOf(fault) != Lambda || Lambdas.Count == 0):
                return $"the fault {fault.Name} strikes no revision of ions: no step of the service deploys ions";
            case FaultTarget.Stack when !service.Spec.Steps.Any(step => step.Templates.Any()):
                return $"the fault {fault.Name} strikes no stack: no step of the service deploys one";
            case FaultTarget.EcsService when !service.Spec.Steps.Any(step => step.Templates.Any() || step.EcsServices.Any()):
                return $"the fault {fault.Name} strikes no ECS service: no step of the service deploys one";
            default:
                return null;
        }
    }

    /// <summary>Whether a step names the ECS service; a name with an output in it is known when the step's turn comes.</summary>
    private bool IsNamed(Fault fault) =>
        service
            .Spec.Steps.SelectMany(step => step.EcsServices)
            .Select(named => named.Name.Evaluate(service.Spec.Resolver(service.Target)).Value)
            .Any(name => fault.What is null || name is null || name == fault.What);

    private string? DeclaredProblem(Fault fault, IReadOnlyList<DeclaredResource>? resources)
    {
        var isContainer = IsContainer(fault);
        if (isContainer && IsNamed(fault))
        {
            return null;
        }

        if (resources?.Any(resource => isContainer ? IsMeantService(resource, fault.What) : IsMeant(resource, fault.What!)) == false)
        {
            var what = isContainer ? "ECS service" : "resource";
            return fault.What is null
                ? $"the fault {fault.Name} strikes no {what}: no template of the service declares one"
                : $"the fault {fault.Name} strikes no {what} '{fault.What}': no template of the service declares it";
        }

        return null;
    }

    private static bool IsMeantService(DeclaredResource resource, string? name) =>
        resource.Type == "AWS::ECS::Service" && (name is null || (resource.Name ?? name) == name);

    // SAM makes more resources of one.
    private static bool IsMeant(DeclaredResource resource, string logicalId) =>
        resource.IsNamed(logicalId, mayGoOn: resource.Type.StartsWith("AWS::Serverless::", StringComparison.Ordinal));

    private string? LambdaProblem(Fault fault)
    {
        if (fault.What is null && Lambdas.Count == 0)
        {
            return $"the fault {fault.Name} strikes no ion Lambda: the service has none";
        }

        return fault.What is { } what && !Lambdas.Any(name => what == name || what.EndsWith($"-{name}", StringComparison.Ordinal))
            ? $"the fault {fault.Name} strikes no ion Lambda '{what}'; "
                + (Lambdas.Count == 0 ? "the service has none" : $"known: {string.Join(", ", Lambdas)}")
            : null;
    }

    /// <summary>What the templates declare, with copies of those in buckets; <see langword="null"/> when one is not at hand.</summary>
    private IReadOnlyList<DeclaredResource>? AtHand() =>
        Remote().Any(address => TemplatesAtHand.Find(service.Source, address) is null) ? null : Declared(Local());

    /// <summary>What the templates declare; <see langword="null"/> when one of them cannot be read.</summary>
    private async Task<IReadOnlyList<DeclaredResource>?> Prepared(AwsRehearsal rehearsal)
    {
        var texts = new List<string>();
        foreach (var address in Remote())
        {
            if (await rehearsal.Template(service.Target.Account, service.Target.Region, address) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return Declared([.. texts, .. Local()]);
    }

    private IEnumerable<string> Remote() =>
        service
            .Spec.Steps.SelectMany(step => step.Templates)
            .Select(template => template.Evaluate(service.Spec.Resolver(service.Target)).Value)
            .OfType<string>()
            .Where(template => template.Contains("://", StringComparison.Ordinal));

    // A service without a step that deploys a template may have files that somebody else deploys.
    private IEnumerable<string> Local() =>
        service
            .Source.Files.Where(_ => service.Spec.Steps.Any(step => step.Templates.Any()))
            .Where(file => Extensions.Contains(Path.GetExtension(file.ToString()), StringComparer.OrdinalIgnoreCase))
            .Select(file => Encoding.UTF8.GetString(service.Source.Read(file)!));

    private static IReadOnlyList<DeclaredResource> Declared(IEnumerable<string> texts) => [.. texts.SelectMany(DeclaredResource.In)];
}
