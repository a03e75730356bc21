using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>A string with known values.</summary>
internal interface IEnumShape : IScalarShape
{
    /// <summary>The values that the service's model lists.</summary>
    IReadOnlyList<string> Values { get; }
}

/// <summary>A string with known values: a <see cref="ConstantClass"/> that also holds values the model does not know yet.</summary>
internal sealed class EnumShape<T>(Func<string, T> find, params string[] values) : Shape<T>, IEnumShape
    where T : ConstantClass
{
    /// <inheritdoc/>
    public ScalarKind Kind => ScalarKind.String;

    /// <inheritdoc/>
    public IReadOnlyList<string> Values => values;

    /// <inheritdoc/>
    public object FromRead(object read) => find((string)read);
}
