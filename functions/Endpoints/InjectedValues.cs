using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>What a function has now of the variables that a step gave it: somebody may have changed them since.</summary>
/// <param name="step">The step.</param>
/// <param name="lambda">The account's functions.</param>
/// <param name="dns">The address that the step gave.</param>
internal sealed class InjectedValues(ReportedStep step, IAmazonLambda lambda, string dns)
{
    // A value that needs the output of another step is not known here.
    private readonly Dictionary<string, string> _wanted = ((EndpointStep)step.Step)
        .Variables.Select(variable => (variable.Key, variable.Value.Evaluate(step.Spec.Resolver(step.Target, outputs: null, dns)).Value))
        .Where(variable => variable.Value is not null)
        .ToDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal);

    private readonly string? _alias = ((EndpointStep)step.Step).Alias;

    /// <summary>
    /// What differs, in words; <see langword="null"/> for nothing. An address is named, any other value never is: environments hold
    /// secrets.
    /// </summary>
    public async Task<string?> Differing(string function)
    {
        if (await Present(function, qualifier: null) is not { } present)
        {
            return "no longer exists";
        }

        if (InWords(present) is { } differing)
        {
            return differing;
        }

        if (_alias is null)
        {
            return null;
        }

        return await Present(function, _alias) is not { } served ? $"has no alias {_alias}"
            : InWords(served) is { } other ? $"the alias {_alias} leads to version {served.Version}, in which {other}"
            : null;
    }

    private async Task<GetFunctionConfigurationResponse?> Present(string function, string? qualifier)
    {
        try
        {
            return await lambda.GetFunctionConfigurationAsync(
                new GetFunctionConfigurationRequest { FunctionName = function, Qualifier = qualifier }
            );
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private string? InWords(GetFunctionConfigurationResponse present)
    {
        var variables = present.Environment?.Variables;
        var differing = EndpointComparison
            .Differing(variables, _wanted)
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name} {Now(variables?.GetValueOrDefault(name), _wanted[name])}")
            .ToList();
        return differing.Count == 0 ? null : string.Join(", ", differing);
    }

    private string Now(string? present, string wanted)
    {
        if (present is null)
        {
            return "is not set";
        }

        var at = wanted.IndexOf(dns, StringComparison.Ordinal);
        var (before, after) = at < 0 ? (wanted, string.Empty) : (wanted[..at], wanted[(at + dns.Length)..]);
        return
            at >= 0
            && present.Length > before.Length + after.Length
            && present.StartsWith(before, StringComparison.Ordinal)
            && present.EndsWith(after, StringComparison.Ordinal)
            && present[before.Length..^after.Length] is var address
            && address.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-')
            ? $"has the address {address}"
            : "has another value";
    }
}
