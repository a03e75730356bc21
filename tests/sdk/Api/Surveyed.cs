namespace Deployer.Sdk.Tests.Api;

#pragma warning disable CS0067, MA0046 // It is only looked at.
/// <summary>One member of each kind.</summary>
public abstract class Surveyed<T> : List<T>, IDisposable
{
    public const int Limit = 5;

    public static readonly T? Default;

    private readonly int _hidden;

    protected Surveyed(Dictionary<string, int?> start, params string[] more) => (_hidden, Name) = (start.Count, more[0]);

    public event Action<string>? Changed;

    public string Name { get; protected set; }

    public required string Once { get; init; }

    internal int Internal => _hidden;

    public int? this[int at, string name] => null;

    public abstract void Dispose();

    public override string ToString() => "";

    protected virtual Task<V> Find<V>(out V found, int limit = 3) => throw new NotSupportedException();

    private protected void Inside() => throw new NotSupportedException();
}
