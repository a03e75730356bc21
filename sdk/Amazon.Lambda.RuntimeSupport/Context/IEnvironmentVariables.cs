namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The variables that Lambda sets: those of the process, or those that an in-process host gives.</summary>
internal interface IEnvironmentVariables
{
    string? Get(string name);

    void Set(string name, string? value);
}

/// <summary>The process's own variables.</summary>
internal sealed class SystemEnvironmentVariables : IEnvironmentVariables
{
    public string? Get(string name) => Environment.GetEnvironmentVariable(name);

    public void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}

/// <summary>Variables of one function among several in a process.</summary>
internal sealed class DictionaryEnvironmentVariables(IReadOnlyDictionary<string, string> variables) : IEnvironmentVariables
{
    private readonly Dictionary<string, string> _variables = new(variables, StringComparer.Ordinal);

    public string? Get(string name) => _variables.GetValueOrDefault(name);

    public void Set(string name, string? value)
    {
        if (value is null)
        {
            _variables.Remove(name);
        }
        else
        {
            _variables[name] = value;
        }
    }
}
