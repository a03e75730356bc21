using Amazon.Lambda.Model;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What has to be done so that a group's Lambdas are those of an ion-config; equal ones are left alone.</summary>
internal sealed record LambdaDifference(IReadOnlyList<IonLambda> Create, IReadOnlyList<IonLambda> Update, IReadOnlyList<string> Delete)
{
    /// <summary>The variable by which a simulated ion Lambda knows its function; chosen, the real one is not documented.</summary>
    public const string FnVariable = "DATOMIC_FN";

    /// <param name="clients">Those of the command.</param>
    /// <param name="group">The group, which begins the Lambdas' names.</param>
    /// <param name="wanted">What the revision asks for.</param>
    /// <param name="former">Names that earlier revisions asked for.</param>
    public static async Task<LambdaDifference> Find(
        IonDevClients clients,
        string group,
        IReadOnlyList<IonLambda> wanted,
        IReadOnlySet<string> former
    )
    {
        var create = new List<IonLambda>();
        var update = new List<IonLambda>();
        var delete = new List<string>();
        foreach (var ion in wanted)
        {
            var found = await Get(clients, $"{group}-{ion.Name}");
            if (found is null)
            {
                create.Add(ion);
            }
            else if (!Equal(ion, found))
            {
                update.Add(ion);
            }
        }

        foreach (var name in former.Except(wanted.Select(ion => ion.Name)).Order(StringComparer.Ordinal))
        {
            if (await Get(clients, $"{group}-{name}") is not null)
            {
                delete.Add(name);
            }
        }

        return new LambdaDifference(create, update, delete);
    }

    private static async Task<GetFunctionResponse?> Get(IonDevClients clients, string name)
    {
        try
        {
            return await clients.Lambda.GetFunctionAsync(new GetFunctionRequest { FunctionName = name }, clients.Ended);
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private static bool Equal(IonLambda wanted, GetFunctionResponse found) =>
        (found.Configuration.Description ?? string.Empty) == wanted.Description
        && found.Configuration.Timeout == wanted.TimeoutSeconds
        && found.Concurrency?.ReservedConcurrentExecutions == wanted.ConcurrencyLimit
        && found.Configuration.Environment?.Variables?.GetValueOrDefault(FnVariable) == wanted.Fn;
}
