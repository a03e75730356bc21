using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Rules;

/// <summary>Says of what is in a service's folder that it is no part of the service; one notice for each reason.</summary>
internal static class LeftOutRules
{
    private const int MostNamed = 5;

    public static void Check(ISourceFolder folder, FaultList faults)
    {
        foreach (var alike in folder.LeftOut.GroupBy(left => left.Reason, StringComparer.Ordinal))
        {
            var paths = alike.Select(left => left.Path).Order(StringComparer.Ordinal).ToList();
            var others = paths.Skip(1).Take(MostNamed).ToList();
            var more = paths.Count - 1 - others.Count;
            faults.AddNotice(
                SourcePosition.StartOf(paths[0]),
                $"{alike.Key}, so that it is no part of the service"
                    + (others.Count > 0 ? $"; so it is with {string.Join(", ", others)}" : string.Empty)
                    + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : string.Empty)
            );
        }
    }
}
