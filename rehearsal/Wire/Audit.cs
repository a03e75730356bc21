namespace Deployer.Rehearsal.Wire;

/// <summary>How often a caller used an operation in this run.</summary>
public sealed record AuditLine(string Account, string Role, string Service, string Operation, int Count);

/// <summary>One use of a permission: what was asked of which resource, and whether it was allowed.</summary>
public sealed record PermissionUse(string Account, string Role, string Action, string Resource, bool Allowed);

/// <summary>The calls of this run, counted by caller and operation. It is not stored: each run counts its own.</summary>
public sealed class Audit
{
    private readonly Dictionary<(string Account, string Role, string Service, string Operation), int> _calls = [];
    private readonly HashSet<PermissionUse> _uses = [];

    /// <summary>Sees each call as it is recorded.</summary>
    internal Action<Call>? Recorded { get; set; }

    /// <summary>The calls, in a fixed order.</summary>
    public IReadOnlyList<AuditLine> Calls =>
        [
            .. _calls
                .Select(call => new AuditLine(call.Key.Account, call.Key.Role, call.Key.Service, call.Key.Operation, call.Value))
                .OrderBy(line => (line.Account, line.Role, line.Service, line.Operation)),
        ];

    /// <summary>The distinct permissions that were asked for: what a test of least privilege compares with the policies.</summary>
    public IReadOnlyCollection<PermissionUse> Uses => _uses;

    /// <summary>How often the operation was called, by anyone.</summary>
    public int Count(string service, string operation) =>
        _calls.Where(call => call.Key.Service == service && call.Key.Operation == operation).Sum(call => call.Value);

    /// <summary>Begins to count anew.</summary>
    public void Clear()
    {
        _calls.Clear();
        _uses.Clear();
    }

    internal void Record(Call call)
    {
        var key = (call.Principal.Account, call.Principal.Name, call.Service, call.Operation);
        _calls[key] = _calls.GetValueOrDefault(key) + 1;
        Recorded?.Invoke(call);
    }

    internal void Record(Principal principal, string action, string resource, bool allowed) =>
        _uses.Add(new PermissionUse(principal.Account, principal.Name, action, resource, allowed));
}
