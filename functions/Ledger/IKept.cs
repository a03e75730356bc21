using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Ledger;

/// <summary>What the tasks of a kind of step keep in their record, or its releases in theirs: ids and digests, never secrets.</summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface IKept<T>
    where T : class, IKept<T>, new()
{
    /// <summary>How it is written.</summary>
    static abstract JsonTypeInfo<T> Json { get; }
}
