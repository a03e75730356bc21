using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>A call of a function whose code is not here.</summary>
/// <param name="World">The world; the answer is made on its thread.</param>
/// <param name="FunctionArn">The function.</param>
/// <param name="Payload">JSON text.</param>
/// <param name="Environment">The function's own variables.</param>
public sealed record SimulatedCall(
    RehearsalWorld World,
    string FunctionArn,
    string Payload,
    IReadOnlyDictionary<string, string> Environment
);

/// <summary>Makes a simulated function fail with an error of this name.</summary>
public sealed class SimulatedFunctionException(string errorType, string message) : Exception(message)
{
    /// <summary>The <c>errorType</c> of the answer.</summary>
    public string ErrorType { get; } = errorType;
}

/// <summary>
/// Functions whose code is not here: the example's consumers and the ions of Datomic. Each is simulated by a delegate, or answers a fixed
/// document that says so.
/// </summary>
public sealed class SimulatedFunctions
{
    private const string NoCode =
        """{"simulated":true,"message":"The rehearsal has no code for this function and answers every call with this document."}""";

    private readonly List<(string Pattern, Func<SimulatedCall, string> Answer)> _parts = [];

    /// <summary>Simulates the functions whose names match; the one that was added last wins.</summary>
    /// <param name="pattern">A function's name, with <c>*</c> and <c>?</c>.</param>
    /// <param name="answer">Returns the answer as JSON text; throws <see cref="SimulatedFunctionException"/> to fail.</param>
    public void Add(string pattern, Func<SimulatedCall, string> answer) => _parts.Add((pattern, answer));

    internal SandboxOutcome Answer(string name, SimulatedCall call)
    {
        var part = _parts.FindLast(part => FileSystemName.MatchesSimpleExpression(part.Pattern, name, ignoreCase: false));
        try
        {
            return new SandboxOutcome(
                part.Answer?.Invoke(call) ?? NoCode,
                FunctionError: null,
                Reusable: false,
                part.Answer is null ? [NoCode] : []
            );
        }
        catch (SimulatedFunctionException failure)
        {
            var document = new JsonObject { ["errorType"] = failure.ErrorType, ["errorMessage"] = failure.Message };
            return new SandboxOutcome(document.ToJsonString(), "Unhandled", Reusable: false, []);
        }
    }
}
