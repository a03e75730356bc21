using System.Globalization;

namespace Deployer.Spec.Datomic;

/// <summary>
/// A release of Datomic Cloud: <c>CFT-CODE</c>, such as <c>1217-9399</c>; both numbers grow from release to release. A storage stack
/// gives the first alone, because it runs no code (https://docs.datomic.com/operation/upgrading.html).
/// </summary>
/// <param name="Cft">The revision of the CloudFormation templates.</param>
/// <param name="Code">The revision of the code; null where it is not given.</param>
public sealed record DatomicRelease(int Cft, decimal? Code) : IComparable<DatomicRelease>
{
    /// <summary>The release that a stack's outputs give; null when they give none.</summary>
    /// <param name="outputs">Outputs by key, as Datomic's templates have them: <c>DatomicCFTVersion</c>,
    /// <c>DatomicCloudVersion</c>.</param>
    public static DatomicRelease? OfOutputs(IReadOnlyDictionary<string, string> outputs) =>
        int.TryParse(outputs.GetValueOrDefault("DatomicCFTVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var cft)
            ? new DatomicRelease(
                cft,
                decimal.TryParse(
                    outputs.GetValueOrDefault("DatomicCloudVersion"),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var code
                )
                    ? code
                    : null
            )
            : null;

    /// <summary>Older first. Where one of them does not give its code, the templates' revision alone decides.</summary>
    public int CompareTo(DatomicRelease? other) =>
        other is null ? 1
        : Cft != other.Cft || Code is null || other.Code is null ? Cft.CompareTo(other.Cft)
        : Code.Value.CompareTo(other.Code.Value);

    /// <inheritdoc/>
    public override string ToString() =>
        Code is null ? Cft.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Cft}-{Code}");
}
