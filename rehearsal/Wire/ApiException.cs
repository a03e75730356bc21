namespace Deployer.Rehearsal.Wire;

/// <summary>An error that the simulated AWS answers: code and message as AWS words them.</summary>
public sealed class ApiException(string code, string message, int status = 400) : Exception(message)
{
    /// <summary>The error code, such as <c>ValidationError</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Further members of a modelled error, by their wire names.</summary>
    public IReadOnlyDictionary<string, string>? Members { get; init; }
}
