using System.Collections;

namespace Deployer.Protocols;

/// <summary>The shapes that every service shares, and short ways to make the others.</summary>
internal static class Shapes
{
    internal static readonly ScalarShape String = new(ScalarKind.String);
    internal static readonly ScalarShape Boolean = new(ScalarKind.Boolean);
    internal static readonly ScalarShape Integer = new(ScalarKind.Integer);
    internal static readonly ScalarShape Long = new(ScalarKind.Long);
    internal static readonly ScalarShape Float = new(ScalarKind.Float);
    internal static readonly ScalarShape Double = new(ScalarKind.Double);
    internal static readonly ScalarShape Timestamp = new(ScalarKind.Timestamp);
    internal static readonly ScalarShape EpochMilliseconds = new(ScalarKind.EpochMilliseconds);
    internal static readonly ScalarShape Blob = new(ScalarKind.Blob);

    internal static ListShape List(Shape item, Func<IList> create, string itemName = "member") => new(item, create, itemName);

    internal static MapShape Map(Shape value, Func<IDictionary> create) => new(value, create);
}
