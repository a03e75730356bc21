using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>A string with known values: a <see cref="ConstantClass"/> that also holds values the model does not know yet.</summary>
internal sealed class EnumShape(Func<string, ConstantClass> find, params string[] values) : ScalarShape(ScalarKind.String)
{
    /// <summary>The values that the service's model lists.</summary>
    internal IReadOnlyList<string> Values => values;

    /// <inheritdoc/>
    internal override object FromRead(object read) => find((string)read);
}
