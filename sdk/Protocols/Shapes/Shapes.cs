namespace Deployer.Protocols;

/// <summary>The shapes that every service shares, and short ways to make the others.</summary>
internal static class Shapes
{
    internal static readonly ScalarShape<string> String = new(ScalarKind.String);
    internal static readonly ScalarShape<bool> Boolean = new(ScalarKind.Boolean);
    internal static readonly ScalarShape<int> Integer = new(ScalarKind.Integer);
    internal static readonly ScalarShape<long> Long = new(ScalarKind.Long);
    internal static readonly ScalarShape<float> Float = new(ScalarKind.Float);
    internal static readonly ScalarShape<double> Double = new(ScalarKind.Double);
    internal static readonly ScalarShape<DateTime> Timestamp = new(ScalarKind.Timestamp);
    internal static readonly ScalarShape<DateTime> EpochMilliseconds = new(ScalarKind.EpochMilliseconds);
    internal static readonly ScalarShape<MemoryStream> Blob = new(ScalarKind.Blob);

    internal static ListShape<T> List<T>(Shape<T> item, string itemName = "member") => new(item, itemName);

    internal static MapShape<T> Map<T>(Shape<T> value) => new(value);
}
